# Products of vectors and matrices. Elements are multiplied and added in the order of their indices.


def numpy_dot(a, b):
    if isinstance(a, (list, tuple)):
        return numpy_dot(numpy_array(a), b)
    elif isinstance(b, (list, tuple)):
        return numpy_dot(a, numpy_array(b))
    elif isinstance(a, np.ndarray):
        if isinstance(b, np.ndarray):
            return array_dot(a, b)
        else:
            return a * b
    else:
        return a * b


def array_dot(self, b):
    if isinstance(b, np.ndarray):
        if array_shape(self):
            if array_shape(b):
                dot_check(array_shape(self), array_shape(b))
                return product(self, b)
            else:
                return self * b
        else:
            return self * b
    else:
        return self * b


# a @ b
def array_matmul(a, b):
    matmul_check(array_shape(a), array_shape(b))
    return product(a, b)


def numpy_matmul(x1, x2):
    return array_matmul(numpy_asarray(x1), numpy_asarray(x2))


def dot_check(a, b) -> None:
    axis = len(b) - 2 if len(b) > 1 else 0
    rows = with_axis_at(b, axis)
    if a[-1] != rows:
        raise ValueError(f"shapes {shape_text(a)} and {shape_text(b)} not aligned: {a[-1]} (dim {len(a) - 1}) != {rows} (dim {axis})")


def matmul_check(a, b) -> None:
    rows = with_axis_at(b, len(b) - 2 if len(b) > 1 else 0)
    if a[-1] != rows:
        left = "n?,k" if len(a) < 3 else "n?,k"
        raise ValueError(f"matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature ({left}),(k,m?)->(n?,m?) (size {rows} is different from {a[-1]})")


# Of vectors a number, of a matrix and a vector a vector, of matrices a matrix.
def product(a, b):
    sample = element_load(a, array_data(a)) * element_load(b, array_data(b))
    if array_shape(b)[1:]:
        if array_shape(a)[1:]:
            result = array_zeros((array_shape(a)[0], array_shape(b)[1]), sample)
            for i in range(array_shape(a)[0]):
                product_row(result, array_data(result) + i * array_strides(result)[0], a, array_data(a) + i * array_strides(a)[0], array_strides(a)[1], b)
            return result
        else:
            result = array_zeros((array_shape(b)[1],), sample)
            product_row(result, array_data(result), a, array_data(a), array_strides(a)[0], b)
            return result
    elif array_shape(a)[1:]:
        result = array_new((array_shape(a)[0],), sample)
        for i in range(array_shape(a)[0]):
            p = array_data(a) + i * array_strides(a)[0]
            element_store(result, array_data(result) + i * element_size(result), vector_product(a, p, array_strides(a)[1], b, sample))
        return result
    else:
        return vector_product(a, array_data(a), array_strides(a)[0], b, sample)


def vector_product(a, p: ptr, step: int, b, sample):
    total = zero_like(sample)
    q = array_data(b)
    for i in range(array_shape(b)[0]):
        total = total + element_load(a, p) * element_load(b, q)
        p = p + step
        q = q + array_strides(b)[0]
    return total


# Adds the row at `q` times the matrix `b` to the row at `p`, which holds zeros.
def product_row(result, p: ptr, a, q: ptr, step: int, b) -> None:
    size = element_size(result)
    columns = array_shape(b)[1]
    stride = array_strides(b)[1]
    for k in range(array_shape(b)[0]):
        factor = element_load(a, q + k * step)
        row = array_data(b) + k * array_strides(b)[0]
        for j in range(columns):
            at = p + j * size
            element_store(result, at, element_load(result, at) + factor * element_load(b, row + j * stride))


# 0 in the type of `x`: address 0 holds zeros.
@inline
def zero_like(x):
    return element_load(x, ptr(0))


def numpy_vdot(a, b):
    return numpy_dot(array_ravel(numpy_asarray(a)), array_ravel(numpy_asarray(b)))


def numpy_inner(a, b):
    if isinstance(a, np.ndarray):
        if array_shape(b)[1:]:
            return numpy_dot(a, array_get_T(b))
        else:
            return numpy_dot(a, b)
    else:
        return numpy_inner(numpy_asarray(a), numpy_asarray(b))


def numpy_outer(a, b):
    return column(array_ravel(numpy_asarray(a))) * array_ravel(numpy_asarray(b))


# A vector as a matrix of one column.
def column(a):
    return array_view(a, array_data(a), array_shape(a) + (1,), array_strides(a) + (0,))


def numpy_trace(a):
    return array_trace(a)


def array_trace(self):
    return array_sum(array_diagonal(self))


def array_diagonal(self):
    rows = array_shape(self)[0]
    columns = array_shape(self)[1]
    count = rows if rows < columns else columns
    return array_view(self, array_data(self), (count,), (array_strides(self)[0] + array_strides(self)[1],))


def numpy_diagonal(a):
    return array_diagonal(a)


# Of a matrix the diagonal, of a vector the matrix with it.
def numpy_diag(v):
    if isinstance(v, np.ndarray):
        if array_shape(v)[1:]:
            return array_copy(array_diagonal(v))
        else:
            n = array_shape(v)[0]
            result = array_zeros((n, n), v)
            strided_copy(result, array_data(result), (n,), (array_strides(result)[0] + array_strides(result)[1],), v, array_data(v), array_strides(v))
            return result
    else:
        return numpy_diag(numpy_asarray(v))


# The elements on and below (above) a diagonal.
def numpy_tril(m, k: int = 0):
    result = array_copy(m)
    for i in range(array_shape(m)[0]):
        for j in range(i + k + 1 if i + k + 1 > 0 else 0, array_shape(m)[1]):
            element_store(result, array_data(result) + i * array_strides(result)[0] + j * array_strides(result)[1], zero_like(m))
    return result


def numpy_triu(m, k: int = 0):
    result = array_copy(m)
    for i in range(array_shape(m)[0]):
        end = i + k if i + k < array_shape(m)[1] else array_shape(m)[1]
        for j in range(end):
            element_store(result, array_data(result) + i * array_strides(result)[0] + j * array_strides(result)[1], zero_like(m))
    return result


# The length of a vector, or of a matrix taken as one.
def numpy_linalg_norm(x, axis=None):
    if axis is None:
        if isinstance(x, np.ndarray):
            flat = array_ravel(x)
            return np.sqrt(array_sum(array_map(flat, norm_square)))
        else:
            return numpy_linalg_norm(numpy_asarray(x))
    else:
        values = numpy_asarray(x)
        return np.sqrt(np.sum(np.abs(values) * np.abs(values), axis=axis))


@inline
def norm_square(x):
    if isinstance(x, np.floating):
        return x * x
    elif isinstance(x, (np.complex64, np.complex128)):
        return square_of(x)
    else:
        return np.float64(x) * np.float64(x)


# Systems of equations, by elimination with partial pivoting. The rows of `a` and of `b` are changed; gives the sign of
# the permutation, 0 where the matrix is singular.
def eliminate(a, b) -> float:
    n = array_shape(a)[0]
    sign = 1.0
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if f64_abs(float(a[i, k])) > f64_abs(float(a[pivot, k])):
                pivot = i
        if float(a[pivot, k]) == 0.0:
            return 0.0
        if pivot != k:
            sign = 0.0 - sign
            swap_rows(a, k, pivot)
            swap_rows(b, k, pivot)
        inverse = 1.0 / float(a[k, k])
        for i in range(k + 1, n):
            factor = float(a[i, k]) * inverse
            a[i, k] = 0.0
            for j in range(k + 1, n):
                a[i, j] = float(a[i, j]) - factor * float(a[k, j])
            for j in range(array_shape(b)[1]):
                b[i, j] = float(b[i, j]) - factor * float(b[k, j])
    return sign


def swap_rows(a, i: int, j: int) -> None:
    for k in range(array_shape(a)[1]):
        x = float(a[i, k])
        a[i, k] = float(a[j, k])
        a[j, k] = x


def square_floats(a):
    result = array_astype(numpy_asarray(a), np.float64)
    if array_shape(result)[0] != array_shape(result)[1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return result


def numpy_linalg_det(a):
    work = square_floats(a)
    n = array_shape(work)[0]
    # As NumPy: through the logarithm of the size.
    sign = eliminate(work, array_zeros((n, 0), np.float64))
    size = 0.0
    for k in range(n):
        x = float(work[k, k])
        if x < 0.0:
            sign = 0.0 - sign
        size = size + raw_log(f64_abs(x))
    return np.float64(0.0 if sign == 0.0 else sign * raw_exp(size))


def numpy_linalg_solve(a, b):
    right = numpy_asarray(b)
    if array_shape(right)[1:]:
        return solved(square_floats(a), array_astype(right, np.float64))
    else:
        return array_ravel(solved(square_floats(a), array_astype(column(right), np.float64)))


def numpy_linalg_inv(a):
    work = square_floats(a)
    return solved(work, numpy_eye(array_shape(work)[0]))


def solved(a, b):
    n = array_shape(a)[0]
    if array_shape(b)[0] != n:
        raise ValueError("solve: Input operand 1 has a mismatch in its core dimension 0")
    if eliminate(a, b) == 0.0:
        raise np.linalg.LinAlgError("Singular matrix")
    for c in range(array_shape(b)[1]):
        for step in range(n):
            i = n - 1 - step
            x = float(b[i, c]) / float(a[i, i])
            b[i, c] = x
            for j in range(i):
                b[j, c] = float(b[j, c]) - x * float(a[j, i])
    return b


# Covariances of variables in rows; of one variable, a number.
def numpy_cov(m, y=None, rowvar: bool = True, bias: bool = False, ddof=None):
    rows = numpy_atleast_2d(np.asarray(m)).astype(np.float64)
    if y is None:
        table = rows if rowvar or len(rows) == 1 else rows.T.copy()
        result = covariances(table, bias, ddof)
        if array_shape(np.asarray(m))[1:]:
            return result
        else:
            return np.array(result[0, 0])
    else:
        return covariances(numpy_vstack((rows, numpy_atleast_2d(np.asarray(y)).astype(np.float64))), bias, ddof)


def covariances(table, bias: bool, ddof):
    count = array_shape(table)[1]
    if ddof is None:
        fewer = 0 if bias else 1
    else:
        fewer = int(ddof)
    centred = table - np.mean(table, axis=1).reshape((len(table), 1))
    return np.dot(centred, centred.T) * (1.0 / float(count - fewer))


def numpy_corrcoef(x, y=None, rowvar: bool = True):
    rows = numpy_atleast_2d(np.asarray(x)).astype(np.float64)
    if y is None:
        table = rows if rowvar or len(rows) == 1 else rows.T.copy()
        result = correlations(table)
        if array_shape(np.asarray(x))[1:]:
            return result
        else:
            return result[0, 0]
    else:
        return correlations(numpy_vstack((rows, numpy_atleast_2d(np.asarray(y)).astype(np.float64))))


def correlations(table):
    result = covariances(table, False, None)
    spread = np.sqrt(np.diag(result))
    result = result / spread.reshape((len(spread), 1))
    result = result / spread
    return np.clip(result, -1.0, 1.0)


# Factors of the polynomial that is closest to the points, the highest power first.
def numpy_polyfit(x, y, deg: int):
    places = np.asarray(x).astype(np.float64)
    values = np.asarray(y).astype(np.float64)
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if len(places) == 0:
        raise TypeError("expected non-empty vector for x")
    if len(places) != len(values):
        raise TypeError("expected x and y to have same length")
    table = np.ones((len(places), deg + 1))
    for power in range(1, deg + 1):
        for i in range(len(places)):
            table[i, deg - power] = table[i, deg - power + 1] * places[i]
    scale = np.sqrt(np.sum(table * table, axis=0))
    return least_squares(table / scale, values) / scale


# The vector whose product with `a` is closest to `b`, by Householder's reflections (Golub, Van Loan, "Matrix
# Computations", 5.3).
def least_squares(a, b):
    a = a.copy()
    b = b.copy()
    rows = array_shape(a)[0]
    columns = array_shape(a)[1]
    for k in range(min(rows, columns)):
        square = 0.0
        for i in range(k, rows):
            square += a[i, k] * a[i, k]
        alpha = -f64_sqrt(square) if a[k, k] > 0.0 else f64_sqrt(square)
        head = a[k, k] - alpha
        if head != 0.0:
            for j in range(k + 1, columns):
                total = head * a[k, j]
                for i in range(k + 1, rows):
                    total += a[i, k] * a[i, j]
                total = total / (alpha * head)
                a[k, j] += head * total
                for i in range(k + 1, rows):
                    a[i, j] += a[i, k] * total
            total = head * b[k]
            for i in range(k + 1, rows):
                total += a[i, k] * b[i]
            total = total / (alpha * head)
            b[k] += head * total
            for i in range(k + 1, rows):
                b[i] += a[i, k] * total
            a[k, k] = alpha
    result = np.zeros(columns)
    for k in range(min(rows, columns) - 1, -1, -1):
        total = b[k]
        for j in range(k + 1, columns):
            total -= a[k, j] * result[j]
        # A column that adds nothing gets no part.
        result[k] = total / a[k, k] if abs(a[k, k]) > 2.220446049250313e-16 * float(rows) else 0.0
    return result
