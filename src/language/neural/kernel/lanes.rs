//! Sixteen numbers at once, on each instruction set.
//!
//! All sets do the same operations of IEEE 754 in the same order on the same numbers, none fuses a
//! product with a sum, and the integer sums are exact: so all give the same bits.

/// Sixteen lanes of `f32`.
///
/// # Safety
/// Everything may be called only inside a function that has the instruction set enabled. Pointers
/// must be good for 16 elements (or as many as said), aligned or not.
pub(super) trait Simd {
    /// Sixteen `f32`.
    type F: Copy;

    unsafe fn load(from: *const f32) -> Self::F;
    unsafe fn store(to: *mut f32, a: Self::F);
    unsafe fn splat(a: f32) -> Self::F;
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F;
    /// `if a > b { a } else { b }`
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F;
    /// `if a < b { a } else { b }`
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn abs(a: Self::F) -> Self::F;
    /// Adds the low bits of `n` to the exponent of `a`.
    unsafe fn raise(a: Self::F, n: Self::F) -> Self::F;
    /// Stores the lowest byte of the bits of each lane.
    unsafe fn store_low(to: *mut u8, a: Self::F);
    /// The sum: lanes 8 apart first, then 4, 2, 1.
    unsafe fn sum(a: Self::F) -> f32;
    /// The greatest, in the order of [`Simd::sum`].
    unsafe fn greatest(a: Self::F) -> f32;
    /// Turns 16 rows of 16 into 16 columns.
    unsafe fn transpose(rows: [Self::F; 16]) -> [Self::F; 16];
}

/// The integer products of the linear layers.
///
/// # Safety
/// As for [`Simd`].
pub(super) trait Dot: Simd {
    /// Sums of products for sixteen outputs.
    type Sums: Copy;
    /// Weights of sixteen outputs for four inputs.
    type Weights: Copy;
    /// Four inputs of one row.
    type Inputs: Copy;

    unsafe fn zero() -> Self::Sums;
    /// 64 weights: four inputs of each of sixteen outputs.
    unsafe fn weights(from: *const i8) -> Self::Weights;
    /// Four inputs.
    unsafe fn inputs(from: *const u8) -> Self::Inputs;
    unsafe fn dot(sums: Self::Sums, weights: Self::Weights, inputs: Self::Inputs) -> Self::Sums;
    /// The sums plus sixteen numbers, rounded to `f32`.
    unsafe fn finish(sums: Self::Sums, plus: *const i32) -> Self::F;
}

/// No special instructions.
pub(super) struct Portable;

macro_rules! lanewise {
    ($a:ident, $b:ident, $f:expr) => {{
        let mut out = [0.0; 16];
        for i in 0..16 {
            out[i] = $f($a[i], $b[i]);
        }
        out
    }};
}

impl Simd for Portable {
    type F = [f32; 16];

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 16] {
        from.cast::<[f32; 16]>().read_unaligned()
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, a: [f32; 16]) {
        to.cast::<[f32; 16]>().write_unaligned(a);
    }
    #[inline(always)]
    unsafe fn splat(a: f32) -> [f32; 16] {
        [a; 16]
    }
    #[inline(always)]
    unsafe fn add(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanewise!(a, b, |a: f32, b: f32| a + b)
    }
    #[inline(always)]
    unsafe fn sub(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanewise!(a, b, |a: f32, b: f32| a - b)
    }
    #[inline(always)]
    unsafe fn mul(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanewise!(a, b, |a: f32, b: f32| a * b)
    }
    #[inline(always)]
    unsafe fn max(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanewise!(a, b, |a: f32, b: f32| if a > b { a } else { b })
    }
    #[inline(always)]
    unsafe fn min(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanewise!(a, b, |a: f32, b: f32| if a < b { a } else { b })
    }
    #[inline(always)]
    unsafe fn abs(a: [f32; 16]) -> [f32; 16] {
        lanewise!(a, a, |a: f32, _: f32| f32::from_bits(a.to_bits() & 0x7FFF_FFFF))
    }
    #[inline(always)]
    unsafe fn raise(a: [f32; 16], n: [f32; 16]) -> [f32; 16] {
        lanewise!(a, n, |a: f32, n: f32| f32::from_bits(
            a.to_bits().wrapping_add(n.to_bits() << 23)
        ))
    }
    #[inline(always)]
    unsafe fn store_low(to: *mut u8, a: [f32; 16]) {
        let mut out = [0; 16];
        for i in 0..16 {
            out[i] = a[i].to_bits() as u8;
        }
        to.cast::<[u8; 16]>().write_unaligned(out);
    }
    #[inline(always)]
    unsafe fn sum(mut a: [f32; 16]) -> f32 {
        for step in [8, 4, 2, 1] {
            for i in 0..step {
                a[i] += a[i + step];
            }
        }
        a[0]
    }
    #[inline(always)]
    unsafe fn greatest(mut a: [f32; 16]) -> f32 {
        for step in [8, 4, 2, 1] {
            for i in 0..step {
                a[i] = if a[i] > a[i + step] { a[i] } else { a[i + step] };
            }
        }
        a[0]
    }
    #[inline(always)]
    unsafe fn transpose(rows: [[f32; 16]; 16]) -> [[f32; 16]; 16] {
        let mut out = [[0.0; 16]; 16];
        for i in 0..16 {
            for j in 0..16 {
                out[j][i] = rows[i][j];
            }
        }
        out
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512, AvxVnni};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Dot, Simd};

    /// AVX2.
    pub(in super::super) struct Avx2;
    /// AVX2 with products of bytes.
    pub(in super::super) struct AvxVnni;
    /// AVX-512 with products of bytes.
    pub(in super::super) struct Avx512;

    impl Simd for Avx512 {
        type F = __m512;

        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m512 {
            _mm512_loadu_ps(from)
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, a: __m512) {
            _mm512_storeu_ps(to, a);
        }
        #[inline(always)]
        unsafe fn splat(a: f32) -> __m512 {
            _mm512_set1_ps(a)
        }
        #[inline(always)]
        unsafe fn add(a: __m512, b: __m512) -> __m512 {
            _mm512_add_ps(a, b)
        }
        #[inline(always)]
        unsafe fn sub(a: __m512, b: __m512) -> __m512 {
            _mm512_sub_ps(a, b)
        }
        #[inline(always)]
        unsafe fn mul(a: __m512, b: __m512) -> __m512 {
            _mm512_mul_ps(a, b)
        }
        #[inline(always)]
        unsafe fn max(a: __m512, b: __m512) -> __m512 {
            _mm512_max_ps(a, b)
        }
        #[inline(always)]
        unsafe fn min(a: __m512, b: __m512) -> __m512 {
            _mm512_min_ps(a, b)
        }
        #[inline(always)]
        unsafe fn abs(a: __m512) -> __m512 {
            _mm512_abs_ps(a)
        }
        #[inline(always)]
        unsafe fn raise(a: __m512, n: __m512) -> __m512 {
            let n = _mm512_slli_epi32::<23>(_mm512_castps_si512(n));
            _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), n))
        }
        #[inline(always)]
        unsafe fn store_low(to: *mut u8, a: __m512) {
            _mm_storeu_si128(to.cast(), _mm512_cvtepi32_epi8(_mm512_castps_si512(a)));
        }
        #[inline(always)]
        unsafe fn sum(a: __m512) -> f32 {
            sum8(_mm256_add_ps(_mm512_castps512_ps256(a), upper(a)))
        }
        #[inline(always)]
        unsafe fn greatest(a: __m512) -> f32 {
            greatest8(_mm256_max_ps(_mm512_castps512_ps256(a), upper(a)))
        }
        #[inline(always)]
        unsafe fn transpose(rows: [__m512; 16]) -> [__m512; 16] {
            let mut a = rows;
            // 4 x 4 blocks within the quarters, then the quarters.
            for i in (0..16).step_by(4) {
                let ab = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
                let ab2 = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
                let cd = _mm512_unpacklo_ps(rows[i + 2], rows[i + 3]);
                let cd2 = _mm512_unpackhi_ps(rows[i + 2], rows[i + 3]);
                a[i] = _mm512_shuffle_ps::<0x44>(ab, cd);
                a[i + 1] = _mm512_shuffle_ps::<0xEE>(ab, cd);
                a[i + 2] = _mm512_shuffle_ps::<0x44>(ab2, cd2);
                a[i + 3] = _mm512_shuffle_ps::<0xEE>(ab2, cd2);
            }
            let mut out = a;
            for i in 0..4 {
                let p = _mm512_shuffle_f32x4::<0x88>(a[i], a[i + 4]);
                let q = _mm512_shuffle_f32x4::<0xDD>(a[i], a[i + 4]);
                let r = _mm512_shuffle_f32x4::<0x88>(a[i + 8], a[i + 12]);
                let s = _mm512_shuffle_f32x4::<0xDD>(a[i + 8], a[i + 12]);
                out[i] = _mm512_shuffle_f32x4::<0x88>(p, r);
                out[i + 8] = _mm512_shuffle_f32x4::<0xDD>(p, r);
                out[i + 4] = _mm512_shuffle_f32x4::<0x88>(q, s);
                out[i + 12] = _mm512_shuffle_f32x4::<0xDD>(q, s);
            }
            out
        }
    }

    impl Dot for Avx512 {
        type Sums = __m512i;
        type Weights = __m512i;
        type Inputs = __m512i;

        #[inline(always)]
        unsafe fn zero() -> __m512i {
            _mm512_setzero_si512()
        }
        #[inline(always)]
        unsafe fn weights(from: *const i8) -> __m512i {
            _mm512_loadu_si512(from.cast())
        }
        #[inline(always)]
        unsafe fn inputs(from: *const u8) -> __m512i {
            _mm512_set1_epi32(from.cast::<i32>().read_unaligned())
        }
        #[inline(always)]
        unsafe fn dot(sums: __m512i, weights: __m512i, inputs: __m512i) -> __m512i {
            _mm512_dpbusd_epi32(sums, inputs, weights)
        }
        #[inline(always)]
        unsafe fn finish(sums: __m512i, plus: *const i32) -> __m512 {
            _mm512_cvtepi32_ps(_mm512_add_epi32(sums, _mm512_loadu_si512(plus.cast())))
        }
    }

    /// Lanes 8 to 15.
    #[inline(always)]
    unsafe fn upper(a: __m512) -> __m256 {
        _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(a)))
    }

    #[inline(always)]
    unsafe fn sum8(a: __m256) -> f32 {
        let a = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let a = _mm_add_ps(a, _mm_movehl_ps(a, a));
        _mm_cvtss_f32(_mm_add_ss(a, _mm_shuffle_ps::<1>(a, a)))
    }

    #[inline(always)]
    unsafe fn greatest8(a: __m256) -> f32 {
        let a = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let a = _mm_max_ps(a, _mm_movehl_ps(a, a));
        _mm_cvtss_f32(_mm_max_ss(a, _mm_shuffle_ps::<1>(a, a)))
    }

    /// An 8 x 8 block.
    #[inline(always)]
    unsafe fn transpose8(rows: [__m256; 8]) -> [__m256; 8] {
        let mut a = rows;
        for i in [0, 4] {
            let ab = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
            let ab2 = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
            let cd = _mm256_unpacklo_ps(rows[i + 2], rows[i + 3]);
            let cd2 = _mm256_unpackhi_ps(rows[i + 2], rows[i + 3]);
            a[i] = _mm256_shuffle_ps::<0x44>(ab, cd);
            a[i + 1] = _mm256_shuffle_ps::<0xEE>(ab, cd);
            a[i + 2] = _mm256_shuffle_ps::<0x44>(ab2, cd2);
            a[i + 3] = _mm256_shuffle_ps::<0xEE>(ab2, cd2);
        }
        let mut out = a;
        for i in 0..4 {
            out[i] = _mm256_permute2f128_ps::<0x20>(a[i], a[i + 4]);
            out[i + 4] = _mm256_permute2f128_ps::<0x31>(a[i], a[i + 4]);
        }
        out
    }

    /// What both sets of 256 bits share.
    macro_rules! floats {
        () => {
            type F = [__m256; 2];

            #[inline(always)]
            unsafe fn load(from: *const f32) -> [__m256; 2] {
                [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))]
            }
            #[inline(always)]
            unsafe fn store(to: *mut f32, a: [__m256; 2]) {
                _mm256_storeu_ps(to, a[0]);
                _mm256_storeu_ps(to.add(8), a[1]);
            }
            #[inline(always)]
            unsafe fn splat(a: f32) -> [__m256; 2] {
                [_mm256_set1_ps(a); 2]
            }
            #[inline(always)]
            unsafe fn add(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])]
            }
            #[inline(always)]
            unsafe fn sub(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])]
            }
            #[inline(always)]
            unsafe fn mul(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])]
            }
            #[inline(always)]
            unsafe fn max(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])]
            }
            #[inline(always)]
            unsafe fn min(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])]
            }
            #[inline(always)]
            unsafe fn abs(a: [__m256; 2]) -> [__m256; 2] {
                let mask = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFF_FFFF));
                [_mm256_and_ps(a[0], mask), _mm256_and_ps(a[1], mask)]
            }
            #[inline(always)]
            unsafe fn raise(a: [__m256; 2], n: [__m256; 2]) -> [__m256; 2] {
                let mut out = a;
                for i in 0..2 {
                    let n = _mm256_slli_epi32::<23>(_mm256_castps_si256(n[i]));
                    out[i] = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a[i]), n));
                }
                out
            }
            #[inline(always)]
            unsafe fn store_low(to: *mut u8, a: [__m256; 2]) {
                let mask = _mm256_set1_epi32(0xFF);
                let low = _mm256_and_si256(_mm256_castps_si256(a[0]), mask);
                let high = _mm256_and_si256(_mm256_castps_si256(a[1]), mask);
                // Packing works on halves: 0-3 8-11 | 4-7 12-15 is put in order.
                let words = _mm256_permute4x64_epi64::<0xD8>(_mm256_packus_epi32(low, high));
                let bytes = _mm_packus_epi16(
                    _mm256_castsi256_si128(words),
                    _mm256_extracti128_si256::<1>(words),
                );
                _mm_storeu_si128(to.cast(), bytes);
            }
            #[inline(always)]
            unsafe fn sum(a: [__m256; 2]) -> f32 {
                sum8(_mm256_add_ps(a[0], a[1]))
            }
            #[inline(always)]
            unsafe fn greatest(a: [__m256; 2]) -> f32 {
                greatest8(_mm256_max_ps(a[0], a[1]))
            }
            #[inline(always)]
            unsafe fn transpose(rows: [[__m256; 2]; 16]) -> [[__m256; 2]; 16] {
                let mut out = rows;
                for half in 0..2 {
                    for from in 0..2 {
                        let mut block = [rows[0][0]; 8];
                        for i in 0..8 {
                            block[i] = rows[half * 8 + i][from];
                        }
                        let block = transpose8(block);
                        for i in 0..8 {
                            out[from * 8 + i][half] = block[i];
                        }
                    }
                }
                out
            }
        };
    }

    impl Simd for Avx2 {
        floats!();
    }

    impl Dot for Avx2 {
        /// Sums for outputs 0-3, 4-7, 8-11, 12-15, two an output.
        type Sums = [__m256i; 4];
        type Weights = *const i8;
        type Inputs = __m256i;

        #[inline(always)]
        unsafe fn zero() -> [__m256i; 4] {
            [_mm256_setzero_si256(); 4]
        }
        #[inline(always)]
        unsafe fn weights(from: *const i8) -> *const i8 {
            from
        }
        #[inline(always)]
        unsafe fn inputs(from: *const u8) -> __m256i {
            // As words, whose products cannot saturate.
            _mm256_cvtepu8_epi16(_mm_set1_epi32(from.cast::<i32>().read_unaligned()))
        }
        #[inline(always)]
        unsafe fn dot(sums: [__m256i; 4], weights: *const i8, inputs: __m256i) -> [__m256i; 4] {
            let mut out = sums;
            for i in 0..4 {
                let w = _mm256_cvtepi8_epi16(_mm_loadu_si128(weights.add(i * 16).cast()));
                out[i] = _mm256_add_epi32(sums[i], _mm256_madd_epi16(inputs, w));
            }
            out
        }
        #[inline(always)]
        unsafe fn finish(sums: [__m256i; 4], plus: *const i32) -> [__m256; 2] {
            let mut out = [_mm256_setzero_ps(); 2];
            for i in 0..2 {
                // Pairs sum to 0 1 4 5 | 2 3 6 7.
                let pairs = _mm256_hadd_epi32(sums[i * 2], sums[i * 2 + 1]);
                let sums = _mm256_permute4x64_epi64::<0xD8>(pairs);
                let plus = _mm256_loadu_si256(plus.add(i * 8).cast());
                out[i] = _mm256_cvtepi32_ps(_mm256_add_epi32(sums, plus));
            }
            out
        }
    }

    impl Simd for AvxVnni {
        floats!();
    }

    impl Dot for AvxVnni {
        type Sums = [__m256i; 2];
        type Weights = [__m256i; 2];
        type Inputs = __m256i;

        #[inline(always)]
        unsafe fn zero() -> [__m256i; 2] {
            [_mm256_setzero_si256(); 2]
        }
        #[inline(always)]
        unsafe fn weights(from: *const i8) -> [__m256i; 2] {
            [_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.add(32).cast())]
        }
        #[inline(always)]
        unsafe fn inputs(from: *const u8) -> __m256i {
            _mm256_set1_epi32(from.cast::<i32>().read_unaligned())
        }
        #[inline(always)]
        unsafe fn dot(sums: [__m256i; 2], weights: [__m256i; 2], inputs: __m256i) -> [__m256i; 2] {
            [
                _mm256_dpbusd_avx_epi32(sums[0], inputs, weights[0]),
                _mm256_dpbusd_avx_epi32(sums[1], inputs, weights[1]),
            ]
        }
        #[inline(always)]
        unsafe fn finish(sums: [__m256i; 2], plus: *const i32) -> [__m256; 2] {
            let mut out = [_mm256_setzero_ps(); 2];
            for i in 0..2 {
                let plus = _mm256_loadu_si256(plus.add(i * 8).cast());
                out[i] = _mm256_cvtepi32_ps(_mm256_add_epi32(sums[i], plus));
            }
            out
        }
    }
}
