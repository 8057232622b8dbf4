//! NumPy arrays of every type, rank and order across the border.

use crate::{kernel, message};
use kukri::{Array, Element, Value};
use ndarray::{Array0, Array1, Array2, Array3, ArrayD, IxDyn, ShapeBuilder as _, array, s};
use num_complex::Complex;

const SAME: &str = "
import numpy as np
def same(a):
    return a
def transposed(a):
    return a.T
def doubled(a):
    for i in range(len(a)):
        a[i] = a[i] + a[i]
";

fn check<A: Element + PartialEq + std::fmt::Debug>(kernel: &kukri::Kernel, items: Vec<A>) {
    let one = Array1::from_vec(items.clone());
    assert_eq!(kernel.call::<Array1<A>>("same", (&one,)).expect("an array"), one, "{}", A::DTYPE.name());
    let two = Array2::from_shape_vec((1, items.len()), items.clone()).expect("it fits");
    assert_eq!(kernel.call::<Array2<A>>("same", (&two,)).expect("an array"), two);
    let dynamic = ArrayD::from_shape_vec(IxDyn(&[items.len(), 1, 1]), items).expect("it fits");
    assert_eq!(kernel.call::<ArrayD<A>>("same", (&dynamic,)).expect("an array"), dynamic);
    let Ok(Value::Array(value)) = kernel.call_values("same", &[Value::from(&dynamic)]) else { panic!("no array") };
    assert_eq!((value.dtype(), value.shape()), (A::DTYPE, dynamic.shape()));
}

#[test]
fn every_element_type() {
    let kernel = kernel(SAME);
    check(&kernel, vec![true, false]);
    check(&kernel, vec![i8::MIN, i8::MAX]);
    check(&kernel, vec![i16::MIN, i16::MAX]);
    check(&kernel, vec![i32::MIN, i32::MAX]);
    check(&kernel, vec![i64::MIN, i64::MAX]);
    check(&kernel, vec![0, u8::MAX]);
    check(&kernel, vec![0, u16::MAX]);
    check(&kernel, vec![0, u32::MAX]);
    check(&kernel, vec![0, u64::MAX]);
    check(&kernel, vec![0.1f32, f32::INFINITY, -0.0]);
    check(&kernel, vec![0.1f64, 5e-324, f64::MAX]);
    check(&kernel, vec![Complex::new(0.1f32, -1.0)]);
    check(&kernel, vec![Complex::new(0.1f64, f64::NEG_INFINITY)]);
}

#[test]
fn every_rank_and_empty_arrays() {
    let kernel = kernel(SAME);
    for shape in [&[3][..], &[2, 3], &[2, 3, 4], &[1, 2, 3, 4], &[0], &[0, 3], &[2, 0, 3]] {
        let count: usize = shape.iter().product();
        let items = (0..count).map(|at| at as f64).collect();
        let array = ArrayD::from_shape_vec(IxDyn(shape), items).expect("it fits");
        assert_eq!(kernel.call::<ArrayD<f64>>("same", (&array,)).expect("an array"), array, "{shape:?}");
    }
    let zero = Array0::from_elem((), 2.5);
    assert_eq!(kernel.call::<Array0<f64>>("same", (&zero,)).expect("an array"), zero);
}

#[test]
fn views_of_every_order() {
    let kernel = kernel(SAME);
    let c: Array2<f64> = Array2::from_shape_fn((3, 4), |(row, column)| (10 * row + column) as f64);
    let mut f = Array2::zeros((3, 4).f());
    f.assign(&c);
    assert_eq!(kernel.call::<Array2<f64>>("same", (&f,)).expect("an array"), c);
    assert_eq!(kernel.call::<Array2<f64>>("same", (c.t(),)).expect("an array"), c.t());
    assert_eq!(kernel.call::<Array2<f64>>("transposed", (&c,)).expect("an array"), c.t());
    assert_eq!(kernel.call::<Array2<f64>>("transposed", (&f,)).expect("an array"), c.t());
    let strided = c.slice(s![..;-1, 1..;2]);
    assert_eq!(kernel.call::<Array2<f64>>("same", (strided,)).expect("an array"), strided);
    let repeated = array![1.0, 2.0];
    let repeated = repeated.broadcast((3, 2)).expect("it can be repeated");
    assert_eq!(kernel.call::<Array2<f64>>("same", (repeated,)).expect("an array"), repeated);
}

#[test]
fn results_that_are_views() {
    let source = "
import numpy as np
def reversed_columns(a):
    return a[::2, ::-1]
def column(a):
    return a[:, 1]
def rows(n: int):
    return np.arange(n * 2).reshape(n, 2)
def pair(a):
    return a, a[0]
def many(n: int):
    return [np.full(i, i * 0.5) for i in range(n)]
";
    let kernel = kernel(source);
    let a = array![[1, 2, 3], [4, 5, 6], [7, 8, 9i64]];
    let view: Array2<i64> = kernel.call("reversed_columns", (&a,)).expect("an array");
    assert_eq!(view, array![[3, 2, 1], [9, 8, 7]]);
    assert_eq!(kernel.call::<Array1<i64>>("column", (&a,)).expect("an array"), array![2, 5, 8]);
    assert_eq!(kernel.call::<Vec<i64>>("column", (&a,)).expect("an array"), [2, 5, 8]);
    assert_eq!(kernel.call::<Array2<i64>>("rows", (3,)).expect("an array"), array![[0, 1], [2, 3], [4, 5]]);
    let (whole, first): (Array2<i64>, Array1<i64>) = kernel.call("pair", (&a,)).expect("two arrays");
    assert_eq!((whole, first), (a, array![1, 2, 3]));
    let many: Vec<Array1<f64>> = kernel.call("many", (3,)).expect("a list of arrays");
    assert_eq!(many, [array![], array![0.5], array![1.0, 1.0]]);
}

#[test]
fn arrays_by_mut_are_changed_in_place() {
    let source = "
import numba as nb
def scale(a, factor: float):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = a[i, j] * factor
@nb.njit('void(float64[:])')
def negate(a):
    for i in range(a.size):
        a[i] = -a[i]
def fails(a):
    a[0] = 100
    return a[len(a)]
";
    let kernel = kernel(source);
    let mut a = array![[1.0, 2.0], [3.0, 4.0]];
    kernel.call::<()>("scale", (&mut a, 2.0)).expect("None");
    assert_eq!(a, array![[2.0, 4.0], [6.0, 8.0]]);
    // Through a view with strides: every other column of a column-major array.
    let mut f: Array2<f64> = Array2::ones((2, 4).f());
    let mut view = f.slice_mut(s![.., ..;2]);
    kernel.call::<()>("scale", (&mut view, 3.0)).expect("None");
    assert_eq!(f, array![[3.0, 1.0, 3.0, 1.0], [3.0, 1.0, 3.0, 1.0]]);
    let mut xs = [1.0, -2.0];
    kernel.call::<()>("negate", (&mut xs[..],)).expect("None");
    assert_eq!(xs, [-1.0, 2.0]);
    let mut ints = array![1i64, 2];
    assert!(message(kernel.call::<i64>("fails", (&mut ints,))).ends_with("out of bounds for axis 0 with size 2"));
    assert_eq!(ints, array![100, 2]);
}

#[test]
fn slices_are_arrays_where_one_is_declared() {
    let source = "
import numba as nb
@nb.njit('float64(float64[:])')
def total(a):
    return a.sum()
";
    let kernel = kernel(source);
    assert_eq!(kernel.functions()[0].params[0].ty.to_string(), "float64[:]");
    assert_eq!(kernel.call::<f64>("total", (&[1.0, 2.5][..],)).expect("a float"), 3.5);
    assert_eq!(kernel.call::<f64>("total", (vec![1.0, 2.5],)).expect("a float"), 3.5);
    assert_eq!(kernel.call::<f64>("total", (array![1.0, 2.5],)).expect("a float"), 3.5);
}

#[test]
fn other_arrays_are_refused_in_words() {
    let source = "
import numpy as np
import numba as nb
@nb.njit('float64(float64[:, :])')
def total(a):
    return a.sum()
";
    let kernel = kernel(source);
    let text = message(kernel.call::<f64>("total", (array![1.0],)));
    assert!(text.starts_with("total() argument `a` should be `"), "{text}");
    assert!(message(kernel.call::<f64>("total", (array![[1.0f32]],))).contains("float32"));
    assert!(message(kernel.call::<f64>("total", (vec![vec![1.0]],))).contains("list[list[float]]"));
    assert_eq!(kernel.call::<f64>("total", (array![[1.0, 2.0]],)).expect("a float"), 3.0);
    let kernel = crate::kernel(SAME);
    let a = array![[1.0, 2.0]];
    let text = message(kernel.call::<Array3<f64>>("same", (&a,)));
    assert!(text.starts_with("same() gives `") && text.contains("which is not a Rust `ArrayBase<"), "{text}");
    assert!(message(kernel.call::<Array2<f32>>("same", (&a,))).contains("which is not a Rust `"));
    assert!(message(kernel.call::<Vec<f64>>("same", (&a,))).contains("which is not a Rust `Vec<f64>`"));
}

#[test]
fn declared_orders_are_kept() {
    let source = "
import numba as nb
@nb.njit('float64(float64[::1, :])')
def corner(a):
    return a[1, 0] * 10 + a[0, 2]
@nb.njit('int64[:](int64[::1])')
def plain(a):
    return a
";
    let kernel = kernel(source);
    let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    assert_eq!(kernel.call::<f64>("corner", (&a,)).expect("a float"), 43.0);
    assert_eq!(kernel.call::<f64>("corner", (a.t().to_owned().t(),)).expect("a float"), 43.0);
    let value = Value::from(&a);
    assert_eq!(kernel.call_values("corner", &[value]).expect("a float"), Value::Float(43.0));
    assert_eq!(kernel.call::<Vec<i64>>("plain", (array![1i64, 2, 3, 4].slice(s![..;2]),)).expect("an array"), [1, 3]);
}

#[test]
fn values_of_arrays_show_as_numpy_does() {
    let bytes = [1.5f32, -2.0].iter().flat_map(|item| item.to_le_bytes()).collect();
    let array = Array::new(f32::DTYPE, vec![2], bytes).expect("it fits");
    let kernel = kernel(SAME);
    let value = kernel.call_values("same", &[Value::Array(array)]).expect("an array");
    assert_eq!(value.to_string(), "array([ 1.5, -2. ], dtype=float32)");
    assert!(Array::new(f32::DTYPE, vec![3], vec![0; 8]).is_none());
}
