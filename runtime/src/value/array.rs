//! NumPy arrays of any element type on the host's side. In: bytes and a shape. Out: `Array`, with NumPy's `repr`.

use super::{Value, number, repr};
use kukri_compiler::types::Dtype;
use std::fmt;

/// An n-dimensional array in C order, of any element type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    /// An array of this shape over its elements' little-endian bytes; `None` if their number does not fit the shape.
    pub fn new(dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) -> Option<Self> {
        let size = shape.iter().try_fold(dtype.size() as usize, |size, length| size.checked_mul(*length));
        (size == Some(bytes.len())).then_some(Self { dtype, shape, bytes })
    }

    /// Element type.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Lengths, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements in C order, little-endian.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.dtype.size() as usize
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// An element by its place in C order: a `Bool`, `Int`, `Float` or `Complex`.
    pub fn element(&self, at: usize) -> Value {
        number::from_bytes(self.dtype, &self.bytes[at * self.dtype.size() as usize..])
    }
}

/// Elements on one line of `repr`, and a line's width, as NumPy's default print options have them.
const LINE_WIDTH: usize = 75;
const THRESHOLD: usize = 1000;
const EDGE_ITEMS: usize = 3;
const PRECISION: usize = 8;

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = "array(";
        let mut text = String::from(prefix);
        let summary = self.len() > THRESHOLD;
        if self.is_empty() {
            text.push_str("[]");
        } else {
            let mut shown = Vec::new();
            self.shown(0, 0, summary, &mut shown);
            let style = Style::of(self, &shown);
            text.push_str(&self.rows(0, 0, LINE_WIDTH - 1, prefix.len(), summary, &style));
        }
        let mut extras = Vec::new();
        if (self.is_empty() && self.shape != [0]) || summary {
            let shape = self.shape.iter().map(|length| Value::Int(*length as i128)).collect();
            extras.push(format!("shape={}", Value::Tuple(shape)));
        }
        let implied = matches!(self.dtype, Dtype::Bool | Dtype::I64 | Dtype::F64 | Dtype::C128);
        if !implied || self.is_empty() {
            extras.push(format!("dtype={}", self.dtype.name()));
        }
        if extras.is_empty() {
            return write!(f, "{text})");
        }
        let extras = extras.join(", ");
        let last_line = text.len() - text.rfind('\n').map_or(0, |at| at + 1) + 1;
        let wraps = last_line + extras.len() + 2 > LINE_WIDTH;
        let space = if wraps { format!("\n{}", " ".repeat(prefix.len())) } else { " ".to_owned() };
        write!(f, "{text},{space}{extras})")
    }
}

impl Array {
    /// Places along `axis` that are written: all, or the first and last three.
    fn places(&self, axis: usize, summary: bool) -> (Vec<usize>, Option<usize>) {
        let length = self.shape[axis];
        if summary && length > 2 * EDGE_ITEMS {
            ((0..EDGE_ITEMS).chain(length - EDGE_ITEMS..length).collect(), Some(EDGE_ITEMS))
        } else {
            ((0..length).collect(), None)
        }
    }

    /// The elements that are written at all: they alone decide the format.
    fn shown(&self, axis: usize, offset: usize, summary: bool, out: &mut Vec<usize>) {
        if axis == self.shape.len() {
            return out.push(offset);
        }
        for place in self.places(axis, summary).0 {
            self.shown(axis + 1, offset * self.shape[axis] + place, summary, out);
        }
    }

    /// The text from `axis` on, indented by `indent` after its first line.
    fn rows(&self, axis: usize, offset: usize, width: usize, indent: usize, summary: bool, style: &Style) -> String {
        if axis == self.shape.len() {
            return style.format(&self.element(offset));
        }
        let margin = " ".repeat(indent + 1);
        let left = self.shape.len() - axis;
        let (places, gap) = self.places(axis, summary);
        let words = places.iter().enumerate().flat_map(|(at, place)| {
            let dots = (gap == Some(at)).then(|| "...".to_owned());
            let offset = offset * self.shape[axis] + place;
            dots.into_iter().chain([self.rows(axis + 1, offset, width.saturating_sub(1), indent + 1, summary, style)])
        });
        let mut out = String::new();
        if left > 1 {
            let between = format!(",{}{margin}", "\n".repeat(left - 1));
            out = words.collect::<Vec<_>>().join(&between);
        } else {
            let mut line = String::new();
            for (at, word) in words.enumerate() {
                if at > 0 {
                    line.push_str(", ");
                }
                if margin.len() + line.len() + word.len() > width.saturating_sub(1) && !line.is_empty() {
                    out.push_str(line.trim_end());
                    out.push('\n');
                    out.push_str(&margin);
                    line.clear();
                }
                line.push_str(&word);
            }
            out.push_str(&line);
        }
        format!("[{out}]")
    }
}

/// How the elements of one array are written: all to the same width.
enum Style {
    /// Right-aligned text.
    Plain(usize),
    /// Floats.
    Real(Real),
    /// Complex numbers.
    Pair(Real, Real),
}

impl Style {
    fn of(array: &Array, shown: &[usize]) -> Self {
        let elements: Vec<_> = shown.iter().map(|at| array.element(*at)).collect();
        let part = |get: fn(&num_complex::Complex<f64>) -> f64| -> Vec<f64> {
            elements.iter().filter_map(number::complex_of).map(|value| get(&value)).collect()
        };
        match array.dtype {
            Dtype::F32 | Dtype::F64 => Self::Real(Real::of(&part(|value| value.re), array.dtype == Dtype::F32, false)),
            Dtype::C64 | Dtype::C128 => {
                let narrow = array.dtype == Dtype::C64;
                Self::Pair(
                    Real::of(&part(|value| value.re), narrow, false),
                    Real::of(&part(|value| value.im), narrow, true),
                )
            }
            Dtype::Bool => Self::Plain(if array.shape.is_empty() { 0 } else { 5 }),
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 | Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => {
                Self::Plain(elements.iter().map(|element| element.to_string().len()).max().unwrap_or(0))
            }
        }
    }

    fn format(&self, element: &Value) -> String {
        let number = number::complex_of(element).unwrap_or_default();
        match self {
            Self::Plain(width) => format!("{:>width$}", element.to_string()),
            Self::Real(real) => real.format(number.re),
            Self::Pair(re, im) => {
                let text = im.format(number.im);
                let end = text.trim_end().len();
                format!("{}{}j{}", re.format(number.re), &text[..end], &text[end..])
            }
        }
    }
}

/// How the floats of one array are written: with an exponent or without, in columns.
struct Real {
    narrow: bool,
    plus: bool,
    exponent: bool,
    /// Characters before the point.
    left: usize,
    /// Digits after the point.
    right: usize,
    /// Digits of the exponent.
    exponent_digits: usize,
}

impl Real {
    fn of(values: &[f64], narrow: bool, plus: bool) -> Self {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let magnitudes = || finite().map(f64::abs).filter(|value| *value != 0.0);
        let (largest, smallest) = (magnitudes().fold(0.0, f64::max), magnitudes().fold(f64::INFINITY, f64::min));
        // A binary32 has six decimal digits for sure, a binary64 more than the eight that are shown.
        let limit = if narrow { 1e6 } else { 1e8 };
        let exponent = largest != 0.0 && (largest >= limit || smallest < 0.0001 || largest / smallest > 1000.0);
        let mut real = Self { narrow, plus, exponent, left: 0, right: 0, exponent_digits: 2 };
        for value in finite() {
            let (whole, fraction, power) = real.split(value);
            real.left = real.left.max(whole.len());
            real.right = real.right.max(fraction.len());
            real.exponent_digits = real.exponent_digits.max(power.len());
        }
        for value in values.iter().filter(|value| !value.is_finite()) {
            let width = real.special(*value).len();
            real.left = real.left.max(width.saturating_sub(real.after_point() + 1));
        }
        real
    }

    /// Characters after the point, the exponent included.
    fn after_point(&self) -> usize {
        self.right + if self.exponent { 2 + self.exponent_digits } else { 0 }
    }

    /// NaN and infinities.
    fn special(&self, value: f64) -> String {
        let sign = if value == f64::NEG_INFINITY { "-" } else { self.sign(1.0) };
        format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" })
    }

    fn sign(&self, value: f64) -> &'static str {
        match (value.is_sign_negative(), self.plus) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        }
    }

    /// Sign and whole part, fraction without trailing zeros, digits of the exponent.
    fn split(&self, value: f64) -> (String, String, String) {
        let shortest = repr::scientific(value.abs(), self.narrow);
        let (mantissa, power) = shortest.split_once('e').unwrap_or((&shortest, "0"));
        let (text, power) = if self.exponent {
            let fraction = mantissa.len().saturating_sub(2);
            let rounded = format!("{:.PRECISION$e}", value.abs());
            let cut = if fraction > PRECISION {
                rounded.split_once('e').unwrap_or((&rounded, power))
            } else {
                (mantissa, power)
            };
            (cut.0.to_owned(), cut.1.trim_start_matches('-').to_owned())
        } else {
            let power = power.parse().unwrap_or_default();
            let full = repr::positional(&mantissa.replace('.', ""), power, false);
            let fraction = full.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            (if fraction > PRECISION { format!("{:.PRECISION$}", value.abs()) } else { full }, String::new())
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        (format!("{}{whole}", self.sign(value)), fraction.trim_end_matches('0').to_owned(), power)
    }

    fn format(&self, value: f64) -> String {
        if !value.is_finite() {
            return format!("{:>1$}", self.special(value), self.left + 1 + self.after_point());
        }
        let (whole, mut fraction, power) = self.split(value);
        let (left, right, digits) = (self.left, self.right, self.exponent_digits);
        if self.exponent {
            let negative = value.abs() < 1.0 && value != 0.0;
            // The column is filled with digits of the exact number, which of a binary32 need not be zeros.
            if fraction.len() < right {
                let exact = format!("{:.right$e}", value.abs());
                let (mantissa, _) = exact.split_once('e').unwrap_or((&exact, ""));
                mantissa.split_once('.').map_or("", |(_, fraction)| fraction).clone_into(&mut fraction);
            }
            format!("{whole:>left$}.{fraction:0<right$}e{}{power:0>digits$}", if negative { '-' } else { '+' })
        } else {
            format!("{whole:>left$}.{fraction:<right$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_f64(shape: &[usize], values: &[f64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Array::new(Dtype::F64, shape.to_vec(), bytes).map(|array| array.to_string()).unwrap_or_default()
    }

    // Expected texts are NumPy 2.4's.
    #[test]
    fn floats() {
        assert_eq!(of_f64(&[3], &[1.0, 2.5, -3.0]), "array([ 1. ,  2.5, -3. ])");
        assert_eq!(of_f64(&[3], &[1e-5, 1.0, 2.0]), "array([1.e-05, 1.e+00, 2.e+00])");
        assert_eq!(of_f64(&[2], &[1e100, -1.234_567_890_123]), "array([ 1.00000000e+100, -1.23456789e+000])");
        assert_eq!(of_f64(&[3], &[f64::NAN, f64::NEG_INFINITY, 1.0]), "array([ nan, -inf,   1.])");
        assert_eq!(of_f64(&[2], &[1e-5, f64::NAN]), "array([1.e-05,    nan])");
        assert_eq!(of_f64(&[], &[0.1]), "array(0.1)");
        assert_eq!(of_f64(&[0], &[]), "array([], dtype=float64)");
        assert_eq!(of_f64(&[0, 3], &[]), "array([], shape=(0, 3), dtype=float64)");
        assert_eq!(of_f64(&[2], &[0.1 + 0.2, 1.0 / 3.0]), "array([0.3       , 0.33333333])");
    }

    #[test]
    fn columns_of_narrow_floats_show_digits_of_the_exact_number() {
        let bytes = [5.298_545e-6f32, 2.434_496_3e-5].iter().flat_map(|value| value.to_le_bytes()).collect();
        let array = Array::new(Dtype::F32, vec![2], bytes).map(|array| array.to_string());
        assert_eq!(array.as_deref(), Some("array([5.2985451e-06, 2.4344963e-05], dtype=float32)"));
    }

    #[test]
    fn rows_are_aligned_wrapped_and_summarised() {
        assert_eq!(of_f64(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]), "array([[[1., 2.]],\n\n       [[3., 4.]]])");
        let many: Vec<_> = (0..30).map(f64::from).collect();
        assert_eq!(
            of_f64(&[30], &many),
            "array([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12.,\n       \
             13., 14., 15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25.,\n       \
             26., 27., 28., 29.])"
        );
        let many: Vec<_> = (0..1002).map(f64::from).collect();
        assert_eq!(
            of_f64(&[1002], &many),
            "array([0.000e+00, 1.000e+00, 2.000e+00, ..., 9.990e+02, 1.000e+03,\n       1.001e+03], shape=(1002,))"
        );
    }

    #[test]
    fn other_elements() {
        let bytes: Vec<u8> = vec![1, 0, 200];
        let show = |dtype| Array::new(dtype, vec![3], bytes.clone()).map(|array| array.to_string());
        assert_eq!(show(Dtype::Bool).as_deref(), Some("array([ True, False,  True])"));
        assert_eq!(show(Dtype::U8).as_deref(), Some("array([  1,   0, 200], dtype=uint8)"));
        assert_eq!(show(Dtype::I64), None);
        let bytes = [1.0f64, 2.5, -3.0, 0.0].iter().flat_map(|value| value.to_le_bytes()).collect();
        let array = Array::new(Dtype::C128, vec![2], bytes).map(|array| array.to_string());
        assert_eq!(array.as_deref(), Some("array([ 1.+2.5j, -3.+0.j ])"));
    }
}
