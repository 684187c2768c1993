/* The inner loops of onefold's temporal kernel. Every function computes what its counterpart in Python computes, bit
 * for bit: `onefold.kernel` runs the same without this library, only slower. Compile without contraction of
 * floating-point expressions and without any option that lets the compiler change what they round to. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif

typedef unsigned __int128 wide;

/* Changes with every change of what the functions take or return. */
API int64_t onefold_interface(void) { return 1; }

/* ------------------------------------------------------------------------------------------------------------------
 * Rows sorted by (code, time)
 */

/* Return whether rows are sorted by (code, time). */
API int64_t onefold_sorted(const int64_t *codes, const int64_t *times, int64_t rows) {
    int64_t wrong = 0;
    for (int64_t i = 1; i < rows; i++)
        wrong |= (codes[i] < codes[i - 1]) | ((codes[i] == codes[i - 1]) & (times[i] < times[i - 1]));
    return !wrong;
}

enum { STEPS = 12 }; /* rows looked at one after another before the search begins to leap */

static inline int before(int64_t code, int64_t time, int64_t asked, int64_t instant, int with) {
    return code < asked || (code == asked && (with ? time <= instant : time < instant));
}

/* For each query (code, instant), write the position after all rows of smaller codes, and of its code before the
 * instant (`with`: or at it). Queries may come in any order; where they ascend, as they do in the kernel, the rows are
 * passed through once. */
API void onefold_find(const int64_t *codes, const int64_t *times, int64_t rows, const int64_t *asked,
                      const int64_t *instants, int64_t queries, int64_t with, int64_t *found) {
    int64_t at = 0;
    for (int64_t q = 0; q < queries; q++) {
        const int64_t code = asked[q], instant = instants[q];
        int64_t low = at, high = rows; /* rows before `low` are before the query, those from `high` on are not */
        if (at > 0 && !before(codes[at - 1], times[at - 1], code, instant, (int)with)) {
            low = 0;
            high = at - 1;
        } else {
            int64_t near = rows - low < STEPS ? rows : low + STEPS;
            while (low < near && before(codes[low], times[low], code, instant, (int)with)) low++;
            if (low < near || low == rows) {
                found[q] = at = low;
                continue;
            }
            for (int64_t leap = STEPS; low + leap < rows; leap *= 2) {
                if (!before(codes[low + leap], times[low + leap], code, instant, (int)with)) {
                    high = low + leap;
                    break;
                }
                low += leap + 1;
            }
        }
        while (low < high) {
            const int64_t middle = low + (high - low) / 2;
            if (before(codes[middle], times[middle], code, instant, (int)with))
                low = middle + 1;
            else
                high = middle;
        }
        found[q] = at = low;
    }
}

/* ------------------------------------------------------------------------------------------------------------------
 * Exact sums: numbers of 192 bits in two's complement, lowest word first, times a power of two
 */

enum { WORDS = 3, MANTISSA = 53 };

static inline uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* 2**power, for powers of normal numbers. */
static inline double power_of_two(int64_t power) {
    const uint64_t bits = (uint64_t)(power + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Write exponents: all values are multiples of 2**low and below 2**high in magnitude (0 and 0 when all are 0). Return
 * how many values are NaN or infinite; they are passed over. */
API int64_t onefold_exponents(const double *values, int64_t rows, int64_t *low, int64_t *high) {
    int64_t least = INT64_MAX, most = INT64_MIN, broken = 0;
    for (int64_t i = 0; i < rows; i++) {
        const uint64_t bits = bits_of(values[i]);
        const int64_t raw = (int64_t)(bits >> 52 & 0x7ff);
        const uint64_t fraction = bits & 0xfffffffffffffULL;
        if (raw == 0x7ff) {
            broken++;
            continue;
        }
        if (raw == 0 && fraction == 0) continue;
        const uint64_t mantissa = raw ? fraction | 1ULL << 52 : fraction;
        const int64_t exponent = (raw ? raw : 1) - 1075; /* the value is mantissa * 2**exponent */
        const int64_t bottom = exponent + __builtin_ctzll(mantissa);
        const int64_t top = exponent + 64 - __builtin_clzll(mantissa);
        if (bottom < least) least = bottom;
        if (top > most) most = top;
    }
    *low = least == INT64_MAX ? 0 : least;
    *high = least == INT64_MAX ? 0 : most;
    return broken;
}

/* Add a finite double, which is a multiple of 2**exponent and fits, to a number. */
static inline void add(uint64_t *number, double value, int64_t exponent) {
    const uint64_t bits = bits_of(value);
    const int64_t raw = (int64_t)(bits >> 52 & 0x7ff);
    uint64_t mantissa = bits & 0xfffffffffffffULL;
    if (raw)
        mantissa |= 1ULL << 52;
    else if (!mantissa)
        return;
    int64_t shift = (raw ? raw : 1) - 1075 - exponent;
    if (shift < 0) { /* the bits that go are 0 */
        mantissa >>= -shift;
        shift = 0;
    }
    const int64_t word = shift >> 6;
    const wide placed = (wide)mantissa << (shift & 63);
    uint64_t part[WORDS] = {0, 0, 0};
    part[word] = (uint64_t)placed;
    if (word + 1 < WORDS) part[word + 1] = (uint64_t)(placed >> 64);
    if (bits >> 63) {
        const wide first = (wide)number[0] - part[0];
        const wide second = (wide)number[1] - part[1] - ((uint64_t)(first >> 64) & 1);
        number[2] -= part[2] + ((uint64_t)(second >> 64) & 1);
        number[1] = (uint64_t)second;
        number[0] = (uint64_t)first;
    } else {
        const wide first = (wide)number[0] + part[0];
        const wide second = (wide)number[1] + part[1] + (uint64_t)(first >> 64);
        number[2] += part[2] + (uint64_t)(second >> 64);
        number[1] = (uint64_t)second;
        number[0] = (uint64_t)first;
    }
}

static inline int is_finite(double value) { return (bits_of(value) >> 52 & 0x7ff) != 0x7ff; }

/* Write the sum of the values before each row, and the sum of all: rows + 1 numbers. NaN and infinities count as 0. */
API void onefold_prefix(const double *values, int64_t rows, int64_t exponent, uint64_t *prefix) {
    uint64_t total[WORDS] = {0, 0, 0};
    memcpy(prefix, total, sizeof total);
    for (int64_t i = 0; i < rows; i++) {
        if (is_finite(values[i])) add(total, values[i], exponent);
        memcpy(prefix + WORDS * (i + 1), total, sizeof total);
    }
}

/* The product of two doubles, rounded, and its rounding error (Dekker's product with Veltkamp's split). */
static inline double product_of(double left, double right, double *error) {
    const double product = left * right;
    const double left_scaled = left * 134217729.0, right_scaled = right * 134217729.0;
    const double left_high = left_scaled - (left_scaled - left), right_high = right_scaled - (right_scaled - right);
    const double left_low = left - left_high, right_low = right - right_high;
    double rest = left_high * right_high;
    rest -= product;
    rest += left_high * right_low;
    rest += left_low * right_high;
    rest += left_low * right_low;
    *error = rest;
    return product;
}

static const double SMALLEST = 0x1p-300, GREATEST = 0x1p300, LEFT = 0x1p-20;

static inline int is_ordinary(double value) {
    const double size = fabs(value);
    return (size >= SMALLEST && size <= GREATEST) || size == 0.0;
}

/* Write exponents for the squares of the ordinary values, as onefold_exponents does for values. Return how many values
 * are not ordinary: NaN, infinite, very large or very small. */
API int64_t onefold_exponents_of_squares(const double *values, int64_t rows, int64_t *low, int64_t *high) {
    double least = INFINITY, most = 0.0;
    int64_t others = 0;
    for (int64_t i = 0; i < rows; i++) {
        const double size = fabs(values[i]);
        if (!is_ordinary(size)) {
            others++;
            continue;
        }
        if (size > 0.0 && size < least) least = size;
        if (size > most) most = size;
    }
    int first = 0, last = 0;
    if (most > 0.0) {
        frexp(least * least, &first);
        frexp(most * most, &last);
        first -= 84;
    }
    *low = first;
    *high = last;
    return others;
}

/* The same as onefold_prefix for the squares of the values: each square rounded to 2**-83 of itself. Values that are
 * not ordinary count as 0. */
API void onefold_prefix_of_squares(const double *values, int64_t rows, int64_t exponent, uint64_t *prefix) {
    uint64_t total[WORDS] = {0, 0, 0};
    memcpy(prefix, total, sizeof total);
    for (int64_t i = 0; i < rows; i++) {
        if (is_ordinary(values[i])) {
            double rest;
            const double square = product_of(values[i], values[i], &rest);
            /* A double just as far above the square's last bit as rounding is wanted below it rounds the error. */
            const double rounder = square * 0x1p-30;
            add(total, square, exponent);
            add(total, (rest + rounder) - rounder, exponent);
        }
        memcpy(prefix + WORDS * (i + 1), total, sizeof total);
    }
}

static inline void subtract(const uint64_t *from, const uint64_t *number, uint64_t *result) {
    const wide first = (wide)from[0] - number[0];
    const wide second = (wide)from[1] - number[1] - ((uint64_t)(first >> 64) & 1);
    result[2] = from[2] - number[2] - ((uint64_t)(second >> 64) & 1);
    result[1] = (uint64_t)second;
    result[0] = (uint64_t)first;
}

static inline int64_t length_of(const uint64_t *number) {
    for (int k = WORDS - 1; k >= 0; k--)
        if (number[k]) return 64 * k + 64 - __builtin_clzll(number[k]);
    return 0;
}

/* The bits [from, from + 64) of a number, as far as there are any. */
static inline uint64_t bits_from(const uint64_t *number, int64_t from) {
    const int64_t word = from >> 6, shift = from & 63;
    uint64_t bits = number[word] >> shift;
    if (shift && word + 1 < WORDS) bits |= number[word + 1] << (64 - shift);
    return bits;
}

static inline int any_below(const uint64_t *number, int64_t end) {
    const int64_t word = end >> 6, shift = end & 63;
    for (int64_t k = 0; k < word; k++)
        if (number[k]) return 1;
    return shift && (number[word] & ((1ULL << shift) - 1)) != 0;
}

/* Round a magnitude to nearest, ties to even: return the mantissa, and write how far it is shifted. */
static inline uint64_t rounded(const uint64_t *number, int64_t length, int64_t *shift) {
    if (length <= MANTISSA) {
        *shift = 0;
        return number[0];
    }
    const int64_t cut = length - MANTISSA;
    uint64_t mantissa = bits_from(number, cut) & ((1ULL << MANTISSA) - 1);
    const int half = bits_from(number, cut - 1) & 1;
    if (half && ((mantissa & 1) || any_below(number, cut - 1))) mantissa++;
    *shift = cut;
    return mantissa;
}

/* Write a magnitude times 2**exponent as a sum of two doubles: rounded, and what that leaves off rounded. */
static void pair_of_long(const uint64_t *size, int64_t length, int64_t exponent, double *head, double *tail) {
    static const uint64_t zero[WORDS] = {0, 0, 0};
    uint64_t rest[WORDS], whole[WORDS] = {0, 0, 0};
    int64_t shift, moved;
    uint64_t mantissa = rounded(size, length, &shift);
    *head = (double)mantissa * power_of_two(exponent + shift);
    const wide placed = (wide)mantissa << (shift & 63);
    whole[shift >> 6] = (uint64_t)placed;
    if ((shift >> 6) + 1 < WORDS) whole[(shift >> 6) + 1] = (uint64_t)(placed >> 64);
    subtract(size, whole, rest);
    const int below = rest[2] >> 63 != 0;
    if (below) subtract(zero, rest, rest);
    mantissa = rounded(rest, length_of(rest), &moved);
    *tail = (double)mantissa * power_of_two(exponent + moved);
    if (below) *tail = -*tail;
}

static inline int64_t length_of_wide(wide number) {
    const uint64_t top = (uint64_t)(number >> 64), bottom = (uint64_t)number;
    return top ? 128 - __builtin_clzll(top) : bottom ? 64 - __builtin_clzll(bottom) : 0;
}

/* The same for a magnitude of up to 128 bits, which is by far the most frequent. */
static inline void pair_of_wide(wide size, int64_t exponent, double *head, double *tail) {
    const int64_t length = length_of_wide(size);
    if (length <= MANTISSA) {
        *head = (double)(uint64_t)size * power_of_two(exponent);
        *tail = 0.0;
        return;
    }
    const int64_t cut = length - MANTISSA;
    uint64_t mantissa = (uint64_t)(size >> cut);
    const wide unit = (wide)1 << cut;
    wide rest = size & (unit - 1);
    const wide half = unit >> 1;
    const int up = rest > half || (rest == half && (mantissa & 1));
    if (up) {
        mantissa++;
        rest = unit - rest;
    }
    *head = (double)mantissa * power_of_two(exponent + cut);
    double left;
    const int64_t more = length_of_wide(rest) - 64;
    if (more <= 0)
        left = (double)(uint64_t)rest * power_of_two(exponent);
    else { /* one bit stands for all that are cut off: it is far below the last one of the double */
        const int sticky = (rest & (((wide)1 << more) - 1)) != 0;
        left = (double)((uint64_t)(rest >> more) | (uint64_t)sticky) * power_of_two(exponent + more);
    }
    *tail = up ? -left : left;
}

/* Write a number times 2**exponent as a sum of two doubles: the number rounded, and what that leaves off rounded. */
static inline void pair_of(const uint64_t *number, int64_t exponent, double *high, double *low) {
    const uint64_t sign = (uint64_t)((int64_t)number[2] >> 63);
    uint64_t size[WORDS] = {number[0] ^ sign, number[1] ^ sign, number[2] ^ sign};
    const wide first = (wide)size[0] + (sign & 1), second = (wide)size[1] + (uint64_t)(first >> 64);
    size[0] = (uint64_t)first;
    size[1] = (uint64_t)second;
    size[2] += (uint64_t)(second >> 64);
    double head, tail;
    if (!size[2])
        pair_of_wide((wide)size[1] << 64 | size[0], exponent, &head, &tail);
    else
        pair_of_long(size, length_of(size), exponent, &head, &tail);
    *high = sign ? -head : head;
    *low = sign ? 0.0 - tail : tail; /* 0, not -0 */
}

/* Write the sum over each window [left, right) as a pair of doubles. */
API void onefold_window_sums(const uint64_t *prefix, int64_t exponent, const int64_t *left, const int64_t *right,
                             int64_t windows, double *high, double *low) {
    for (int64_t w = 0; w < windows; w++) {
        uint64_t sum[WORDS];
        subtract(prefix + WORDS * right[w], prefix + WORDS * left[w], sum);
        pair_of(sum, exponent, high + w, low + w);
    }
}

/* Write sum (x - mean)^2 over windows that are not empty, and whether enough of it is left after the subtraction.
 * `sum_high` and `sum_low` are the exact sums over the windows. */
API void onefold_second_moments(const uint64_t *prefix, int64_t exponent, const int64_t *left, const int64_t *right,
                                int64_t windows, const double *sum_high, const double *sum_low, double *second,
                                uint8_t *ordinary) {
    for (int64_t w = 0; w < windows; w++) {
        uint64_t sum[WORDS];
        double high, low, rest, less_rest;
        subtract(prefix + WORDS * right[w], prefix + WORDS * left[w], sum);
        pair_of(sum, exponent, &high, &low);
        const double count = (double)(right[w] - left[w]);
        const double whole = product_of(count, high, &rest);
        rest += count * low;
        const double less = product_of(sum_high[w], sum_high[w], &less_rest);
        less_rest += 2.0 * sum_high[w] * sum_low[w];
        const double result = (whole - less) + (rest - less_rest);
        second[w] = result / count;
        ordinary[w] = result >= whole * LEFT && result > 0.0;
    }
}
