//! Python's `repr` of scalars and texts. In: Rust values. Out: text, as CPython 3.11 and NumPy 2 write it.

use super::Value;
use kukri_compiler::types::Dtype;
use std::fmt::Write as _;

/// The shortest decimal digits that give the number back, and the power of ten of the first one.
fn digits(value: f64, narrow: bool) -> (String, i32) {
    let text = scientific(value, narrow);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace(['-', '.'], ""), exponent.parse().unwrap_or_default())
}

/// The shortest decimal number that gives the number back, with an exponent: of two that are equally near, the one
/// whose last digit is even, as in Python.
pub(crate) fn scientific(value: f64, narrow: bool) -> String {
    let text = if narrow { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    // Rust takes either. They are equally near where the exact number goes on with a 5, and ends there.
    let more = format!("{value:.0$e}", places + 1);
    let is_near = more.split_once('e').is_some_and(|(mantissa, _)| mantissa.ends_with('5'));
    if places == 0 || !is_near || !ends_after(value, places + 1) {
        return text;
    }
    let below = &more[..more.find('e').unwrap_or(more.len()) - 1];
    if below.ends_with(['0', '2', '4', '6', '8']) { format!("{below}e{exponent}") } else { text }
}

/// Whether the exact number has no more digits than so many after the first. (No float has more than 767.)
fn ends_after(value: f64, places: usize) -> bool {
    let exact = format!("{value:.767e}");
    exact.split_once('e').is_some_and(|(mantissa, _)| {
        mantissa.bytes().skip_while(|byte| *byte != b'.').skip(1 + places).all(|byte| byte == b'0')
    })
}

/// `repr` of a `float`: positional from 1e-4 up to 1e16.
pub(crate) fn float(value: f64) -> String {
    let (digits, exponent) = digits(value, false);
    with_layout(value, &digits, exponent, (-4..16).contains(&exponent))
}

/// `repr` of the number inside `numpy.float32(…)`: positional up to a million, beyond which not every digit counts.
pub(crate) fn float32(value: f64) -> String {
    let (digits, exponent) = digits(value, true);
    // The nearest binary32 of 1e-4 is less than that.
    with_layout(value, &digits, exponent, value == 0.0 || (1e-4..1e6).contains(&value.abs()))
}

/// The number from its digits; an exponent has two digits at least.
fn with_layout(value: f64, digits: &str, exponent: i32, is_positional: bool) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    if is_positional {
        return format!("{sign}{}", positional(digits, exponent, true));
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.abs())
}

/// Digits with the point where the exponent puts it; with `.0` if there would be no fraction.
pub(crate) fn positional(digits: &str, exponent: i32, fraction: bool) -> String {
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(-exponent as usize - 1));
    }
    let whole = exponent as usize + 1;
    if digits.len() > whole {
        return format!("{}.{}", &digits[..whole], &digits[whole..]);
    }
    format!("{digits}{}{}", "0".repeat(whole - digits.len()), if fraction { ".0" } else { "" })
}

/// `repr` of a `complex`; `part` writes a float.
pub(crate) fn complex(re: f64, im: f64, part: fn(f64) -> String) -> String {
    let short = |value: f64| {
        let text = part(value);
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    let im_text = short(im);
    // A positive zero as real part is left out, a negative one is not: `-0j` is `(-0-0j)`.
    if re == 0.0 && re.is_sign_positive() {
        return format!("{im_text}j");
    }
    let plus = if im_text.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{im_text}j)", short(re))
}

/// `repr` of a NumPy scalar: `np.float64(1.5)`, `np.True_`.
pub(crate) fn scalar(dtype: Dtype, value: &Value) -> String {
    match (dtype, value) {
        (Dtype::Bool, value) => format!("np.{value}_"),
        (Dtype::F32, Value::Float(value)) => format!("np.float32({})", float32(*value)),
        (Dtype::C64, Value::Complex(value)) => {
            format!("np.complex64({})", complex(value.re, value.im, float32).trim_matches(['(', ')']))
        }
        (Dtype::C128, value) => format!("np.complex128({})", value.to_string().trim_matches(['(', ')'])),
        (dtype, value) => format!("np.{}({value})", dtype.name()),
    }
}

/// `repr` of a `str`.
pub(crate) fn string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

/// Whether Python's `str.isprintable` holds. Rust's `escape_debug` escapes the same characters, and combining marks at
/// the start of a string besides: hence the letter before.
fn is_printable(c: char) -> bool {
    matches!(c, '\'' | '"' | ' '..='~') || (c > '~' && format!("a{c}").escape_debug().all(|c| c != '\\'))
}

/// `repr` of `bytes`.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = format!("b{}", char::from(quote));
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            byte if *byte == quote => out.extend(['\\', char::from(quote)]),
            b' '..=b'~' => out.push(char::from(*byte)),
            byte => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(char::from(quote));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    // Expected values are CPython 3.11's and NumPy 2's.
    #[test]
    fn floats() {
        let cases = [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(float(value), text);
        }
        // As near to .2 as to .3, to .7 as to .8.
        assert_eq!(float(2f64.powi(50) + 0.25), "1125899906842624.2");
        assert_eq!(float(-2f64.powi(50) - 0.75), "-1125899906842624.8");
        // Not as near: the exact number goes on after …3325.
        assert_eq!(float(-8.677_675_033_700_333e-193), "-8.677675033700333e-193");
        let narrow = [
            (-2_695_104.25, "-2.6951042e+06"),
            (999_999.0, "999999.0"),
            (1e6, "1e+06"),
            (f64::from(1e-4f32), "1e-04"),
            (f64::from(0.000_123_45f32), "0.00012345"),
            (-0.0, "-0.0"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (value, text) in narrow {
            assert_eq!(float32(value), text);
        }
    }

    #[test]
    fn complexes() {
        let show = |re, im| Value::Complex(Complex::new(re, im)).to_string();
        assert_eq!(show(0.0, 1.0), "1j");
        assert_eq!(show(-0.0, -1.5), "(-0-1.5j)");
        assert_eq!(show(1.0, f64::NAN), "(1+nanj)");
        assert_eq!(show(1e20, -0.0), "(1e+20-0j)");
    }

    #[test]
    fn scalars() {
        let show = |dtype, value| Value::Scalar(dtype, Box::new(value)).to_string();
        assert_eq!(show(Dtype::Bool, Value::Bool(true)), "np.True_");
        assert_eq!(show(Dtype::U8, Value::Int(7)), "np.uint8(7)");
        assert_eq!(show(Dtype::F32, Value::Float(f64::from(0.1f32))), "np.float32(0.1)");
        assert_eq!(show(Dtype::C128, Value::Complex(Complex::new(1.0, 2.0))), "np.complex128(1+2j)");
        assert_eq!(show(Dtype::C128, Value::Complex(Complex::new(0.0, 2.0))), "np.complex128(2j)");
    }

    #[test]
    fn texts() {
        assert_eq!(string("it's \"x\"\n"), r#"'it\'s "x"\n'"#);
        assert_eq!(string("it's"), "\"it's\"");
        assert_eq!(string("é\u{301}\u{a0}\u{200b}\u{e000}\u{1f600}\0"), "'é\u{301}\\xa0\\u200b\\ue000\u{1f600}\\x00'");
        assert_eq!(bytes(b"a'\xff\0"), r#"b"a'\xff\x00""#);
    }
}
