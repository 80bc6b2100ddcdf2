//! The operations, written once over [`Simd`].
//!
//! Every function here is inlined into one that has its instruction set enabled.

#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512, AvxVnni};
use super::lanes::{Dot, Portable, Simd};

/// Something to compute with one instruction set.
pub(super) trait Op {
    /// # Safety
    /// The instruction set must be enabled, and what the operation points to must be there.
    unsafe fn run<S: Tiles>(self);
}

/// The operations in pieces for which an instruction set has registers enough.
pub(super) trait Tiles: Simd {
    /// See [`linear`].
    unsafe fn linear(job: &Linear);
    /// See [`attention`].
    unsafe fn attention(job: &Attention);
    /// See [`dense`].
    unsafe fn dense(job: &Dense);
}

#[cfg(target_arch = "x86_64")]
macro_rules! tiles {
    ($name:ident: $rows:literal $columns:literal $alone:literal,
     $keys:literal $groups:literal $queries:literal, $dense:literal $wide:literal) => {
        impl Tiles for $name {
            #[inline(always)]
            unsafe fn linear(job: &Linear) {
                linear::<Self, $rows, $columns, $alone>(job);
            }
            #[inline(always)]
            unsafe fn attention(job: &Attention) {
                attention::<Self, $keys, $groups, $queries>(job);
            }
            #[inline(always)]
            unsafe fn dense(job: &Dense) {
                dense::<Self, $dense, $wide>(job);
            }
        }
    };
}

// 32 registers of 16 lanes, or 16 of 8.
#[cfg(target_arch = "x86_64")]
tiles!(Avx512: 6 4 8, 8 2 8, 8 2);
#[cfg(target_arch = "x86_64")]
tiles!(AvxVnni: 6 1 6, 4 1 2, 4 1);
#[cfg(target_arch = "x86_64")]
tiles!(Avx2: 3 1 3, 4 1 2, 4 1);

impl Tiles for Portable {
    #[inline(always)]
    unsafe fn linear(job: &Linear) {
        linear_plain(job);
    }
    #[inline(always)]
    unsafe fn attention(job: &Attention) {
        attention::<Self, 1, 1, 1>(job);
    }
    #[inline(always)]
    unsafe fn dense(job: &Dense) {
        dense::<Self, 2, 1>(job);
    }
}

/// Rows of bytes times a packed matrix.
pub(super) struct Linear {
    pub(super) rows: usize,
    /// `[rows][inputs]`, each 128 more than the number it stands for.
    pub(super) x: *const u8,
    /// `[rows]`
    pub(super) x_scale: *const f32,
    /// A multiple of 4.
    pub(super) inputs: usize,
    /// A multiple of 16.
    pub(super) outputs: usize,
    /// `[outputs / 16][inputs / 4][16][4]`
    pub(super) weight: *const i8,
    /// `[outputs]`: added to the integer sums.
    pub(super) start: *const i32,
    /// `[outputs]`
    pub(super) scale: *const f32,
    /// `[outputs]`
    pub(super) bias: *const f32,
    pub(super) out: *mut f32,
    /// From a row of the output to the next.
    pub(super) row_stride: usize,
    /// From sixteen columns of the output to the next sixteen.
    pub(super) panel_stride: usize,
}

impl Op for Linear {
    #[inline(always)]
    unsafe fn run<S: Tiles>(self) {
        S::linear(&self);
    }
}

/// In tiles of `R` rows and `C` panels of 16 columns, `A` rows where one panel is left.
#[inline(always)]
unsafe fn linear<S: Dot, const R: usize, const C: usize, const A: usize>(job: &Linear) {
    let panels = job.outputs / 16;
    let mut panel = 0;
    while panel + C <= panels {
        linear_rows::<S, R, C>(job, panel);
        panel += C;
    }
    while panel < panels {
        linear_rows::<S, A, 1>(job, panel);
        panel += 1;
    }
}

#[inline(always)]
unsafe fn linear_rows<S: Dot, const R: usize, const C: usize>(job: &Linear, panel: usize) {
    let mut row = 0;
    while row + R <= job.rows {
        linear_tile::<S, R, C>(job, row, panel);
        row += R;
    }
    if R > 4 && row + 4 <= job.rows {
        linear_tile::<S, 4, C>(job, row, panel);
        row += 4;
    }
    if R > 2 && row + 2 <= job.rows {
        linear_tile::<S, 2, C>(job, row, panel);
        row += 2;
    }
    while row < job.rows {
        linear_tile::<S, 1, C>(job, row, panel);
        row += 1;
    }
}

#[inline(always)]
unsafe fn linear_tile<S: Dot, const R: usize, const C: usize>(
    job: &Linear,
    row: usize,
    panel: usize,
) {
    let mut sums = [[S::zero(); C]; R];
    let weight = job.weight.add(panel * 16 * job.inputs);
    let x = job.x.add(row * job.inputs);
    let mut k = 0;
    while k < job.inputs {
        let mut weights = [S::weights(weight.add(k * 16)); C];
        for c in 1..C {
            weights[c] = S::weights(weight.add((c * job.inputs + k) * 16));
        }
        for r in 0..R {
            let inputs = S::inputs(x.add(r * job.inputs + k));
            for c in 0..C {
                sums[r][c] = S::dot(sums[r][c], weights[c], inputs);
            }
        }
        k += 4;
    }
    for c in 0..C {
        let at = (panel + c) * 16;
        let scale = S::load(job.scale.add(at));
        let bias = S::load(job.bias.add(at));
        for r in 0..R {
            let sums = S::finish(sums[r][c], job.start.add(at));
            let scale = S::mul(S::splat(*job.x_scale.add(row + r)), scale);
            let to = (row + r) * job.row_stride + (panel + c) * job.panel_stride;
            S::store(job.out.add(to), S::add(S::mul(sums, scale), bias));
        }
    }
}

/// One output after the other: compilers find the vector instructions for this.
unsafe fn linear_plain(job: &Linear) {
    let mut column = vec![0_i16; job.inputs];
    for n in 0..job.outputs {
        let (panel, lane) = (n / 16, n % 16);
        let weight = job.weight.add(panel * 16 * job.inputs + lane * 4);
        for (four, to) in column.chunks_exact_mut(4).enumerate() {
            let weights = weight.add(four * 64).cast::<[i8; 4]>().read();
            to.copy_from_slice(&weights.map(i16::from));
        }
        for row in 0..job.rows {
            let x = std::slice::from_raw_parts(job.x.add(row * job.inputs), job.inputs);
            let products =
                x.iter().zip(&column).map(|(&x, &w)| i32::from(i16::from(x)) * i32::from(w));
            let sum = products.sum::<i32>() + *job.start.add(n);
            let scale = *job.x_scale.add(row) * *job.scale.add(n);
            let to = row * job.row_stride + panel * job.panel_stride + lane;
            *job.out.add(to) = sum as f32 * scale + *job.bias.add(n);
        }
    }
}

/// Adding this to a small number rounds it to an integer, halves to even, in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// What is done to a row before it is made bytes.
pub(super) enum Before {
    Nothing,
    Gelu,
    Norm {
        /// `[width]`
        weight: *const f32,
        /// `[width]`
        bias: *const f32,
        /// `[rows][width]`, added first; or null.
        plus: *const f32,
    },
}

/// Rows of floats, changed in place, and as bytes.
pub(super) struct Quantize {
    pub(super) before: Before,
    pub(super) rows: usize,
    /// A multiple of 16.
    pub(super) width: usize,
    /// `[rows][width]`
    pub(super) x: *mut f32,
    /// `[rows][width]`, each 128 more than the number it stands for.
    pub(super) bytes: *mut u8,
    /// `[rows]`
    pub(super) scale: *mut f32,
}

impl Op for Quantize {
    #[inline(always)]
    unsafe fn run<S: Tiles>(self) {
        let width = self.width;
        for row in 0..self.rows {
            let x = self.x.add(row * width);
            let greatest = match self.before {
                Before::Nothing => greatest::<S>(x, width),
                Before::Gelu => gelu::<S>(x, width),
                Before::Norm { weight, bias, plus } => {
                    if !plus.is_null() {
                        add::<S>(x, plus.add(row * width), width);
                    }
                    norm::<S>(x, width, weight, bias)
                }
            };
            let bytes = self.bytes.add(row * width);
            // Also where it is no number.
            if greatest > 1e-30 {
                *self.scale.add(row) = greatest / 127.0;
                to_bytes::<S>(x, width, 127.0 / greatest, bytes);
            } else {
                *self.scale.add(row) = 0.0;
                bytes.write_bytes(128, width);
            }
        }
    }
}

#[inline(always)]
unsafe fn add<S: Simd>(x: *mut f32, plus: *const f32, width: usize) {
    let mut i = 0;
    while i < width {
        S::store(x.add(i), S::add(S::load(x.add(i)), S::load(plus.add(i))));
        i += 16;
    }
}

/// The greatest absolute value.
#[inline(always)]
unsafe fn greatest<S: Simd>(x: *const f32, width: usize) -> f32 {
    let mut greatest = S::splat(0.0);
    let mut i = 0;
    while i < width {
        greatest = S::max(S::abs(S::load(x.add(i))), greatest);
        i += 16;
    }
    S::greatest(greatest)
}

#[inline(always)]
unsafe fn to_bytes<S: Simd>(x: *const f32, width: usize, scale: f32, bytes: *mut u8) {
    let (scale, low, high) = (S::splat(scale), S::splat(-127.0), S::splat(127.0));
    let round = S::splat(ROUND + 128.0);
    let mut i = 0;
    while i < width {
        let y = S::mul(S::load(x.add(i)), scale);
        let y = S::min(S::max(y, low), high);
        S::store_low(bytes.add(i), S::add(y, round));
        i += 16;
    }
}

/// The sum of a row, or of its squared distances from `mean`.
#[inline(always)]
unsafe fn sum_of<S: Simd, const SQUARES: bool>(x: *const f32, width: usize, mean: S::F) -> f32 {
    // Several sums at once do not wait for each other.
    let mut sums = [S::splat(0.0); 4];
    let mut i = 0;
    while i < width {
        for n in 0..4 {
            if i + n * 16 < width {
                let mut value = S::load(x.add(i + n * 16));
                if SQUARES {
                    let difference = S::sub(value, mean);
                    value = S::mul(difference, difference);
                }
                sums[n] = S::add(sums[n], value);
            }
        }
        i += 64;
    }
    S::sum(S::add(S::add(sums[0], sums[1]), S::add(sums[2], sums[3])))
}

/// The row with mean 0 and variance 1, scaled and shifted; gives the greatest absolute value.
#[inline(always)]
unsafe fn norm<S: Simd>(x: *mut f32, width: usize, weight: *const f32, bias: *const f32) -> f32 {
    let share = 1.0 / width as f32;
    let mean = S::splat(sum_of::<S, false>(x, width, S::splat(0.0)) * share);
    let variance = sum_of::<S, true>(x, width, mean) * share;
    let scale = S::splat(1.0 / (variance + 1e-12).sqrt());
    let mut greatest = S::splat(0.0);
    let mut i = 0;
    while i < width {
        let y = S::mul(S::sub(S::load(x.add(i)), mean), scale);
        let y = S::add(S::mul(y, S::load(weight.add(i))), S::load(bias.add(i)));
        S::store(x.add(i), y);
        greatest = S::max(S::abs(y), greatest);
        i += 16;
    }
    S::greatest(greatest)
}

/// From the second degree on, erf(t / sqrt 2) / t for t from 0 to [`ERF_END`], such that the error
/// of [`gelu`] is least: 2.1e-4.
const ERF: [f32; 6] =
    [0.778_570_9, 0.089_283_44, -0.282_13, 0.115_828_976, -0.019_956_19, 0.001_293_081_3];
/// Where erf is taken to be 1.
const ERF_END: f32 = 4.0;

/// x Φ(x) of each number; gives the greatest absolute value.
#[inline(always)]
unsafe fn gelu<S: Simd>(x: *mut f32, width: usize) -> f32 {
    let (half, end) = (S::splat(0.5), S::splat(ERF_END));
    let mut greatest = S::splat(0.0);
    let mut i = 0;
    while i < width {
        let v = S::load(x.add(i));
        let size = S::abs(v);
        let t = S::min(size, end);
        let mut erf = S::splat(ERF[5]);
        for k in 0..5 {
            erf = S::add(S::mul(erf, t), S::splat(ERF[4 - k]));
        }
        let erf = S::mul(erf, t);
        let y = S::mul(S::add(v, S::mul(size, erf)), half);
        S::store(x.add(i), y);
        greatest = S::max(S::abs(y), greatest);
        i += 16;
    }
    S::greatest(greatest)
}

/// 2^f for f from -0.5 to 0.5, relative error 2.6e-6.
const EXP2: [f32; 5] = [0.999_999_3, 0.693_121_8, 0.240_247_44, 0.055_917_863, 0.009_570_102];

/// e^x for x up to 0; never less than 2^-126.
#[inline(always)]
unsafe fn exp<S: Simd>(x: S::F) -> S::F {
    let x = S::mul(x, S::splat(std::f32::consts::LOG2_E));
    // The order of the operands lets no NaN through.
    let x = S::min(S::max(x, S::splat(-126.0)), S::splat(0.0));
    let n = S::add(x, S::splat(ROUND));
    let f = S::sub(x, S::sub(n, S::splat(ROUND)));
    let mut y = S::splat(EXP2[4]);
    for k in 0..4 {
        y = S::add(S::mul(y, f), S::splat(EXP2[3 - k]));
    }
    S::raise(y, n)
}

/// Every position attends to all.
pub(super) struct Attention {
    /// Positions.
    pub(super) len: usize,
    pub(super) heads: usize,
    /// Panels of 16 columns a head.
    pub(super) panels: usize,
    /// Queries, keys, values, each `[heads][panels][len][16]`.
    pub(super) qkv: *const f32,
    /// `[len][heads][panels][16]`
    pub(super) out: *mut f32,
    /// For the queries of some groups: `[G][panels * 16][16]`.
    pub(super) columns: *mut f32,
    /// For the scores of some groups: `[G][len][16]`.
    pub(super) scores: *mut f32,
}

/// Greatest number of groups of queries at once.
pub(super) const GROUPS: usize = 2;

impl Op for Attention {
    #[inline(always)]
    unsafe fn run<S: Tiles>(self) {
        S::attention(&self);
    }
}

/// Sixteen queries a group, in lanes: so no sum goes across lanes. `G` groups and `K` keys a tile
/// for the scores, `Q` queries a tile for the values.
#[inline(always)]
unsafe fn attention<S: Simd, const K: usize, const G: usize, const Q: usize>(job: &Attention) {
    const { assert!(G <= GROUPS && 16 % Q == 0) }
    let groups = job.len.div_ceil(16);
    for head in 0..job.heads {
        let mut group = 0;
        while group + G <= groups {
            attend::<S, K, G, Q>(job, head, group);
            group += G;
        }
        while group < groups {
            attend::<S, K, 1, Q>(job, head, group);
            group += 1;
        }
    }
}

#[inline(always)]
unsafe fn attend<S: Simd, const K: usize, const G: usize, const Q: usize>(
    job: &Attention,
    head: usize,
    group: usize,
) {
    let len = job.len;
    let third = job.heads * job.panels * len * 16;
    let queries = job.qkv.add(head * job.panels * len * 16);
    let keys = queries.add(third);
    let values = queries.add(2 * third);
    for g in 0..G {
        let first = (group + g) * 16;
        for panel in 0..job.panels {
            let mut rows = [S::splat(0.0); 16];
            for i in 0..16 {
                if first + i < len {
                    rows[i] = S::load(queries.add((panel * len + first + i) * 16));
                }
            }
            let columns = S::transpose(rows);
            for i in 0..16 {
                S::store(job.columns.add(((g * job.panels + panel) * 16 + i) * 16), columns[i]);
            }
        }
    }
    let mut greatest = [S::splat(f32::MIN); G];
    if len < K {
        for key in 0..len {
            scores::<S, 1, G>(job, keys, key, &mut greatest);
        }
    } else {
        let mut key = 0;
        while key + K <= len {
            scores::<S, K, G>(job, keys, key, &mut greatest);
            key += K;
        }
        if key < len {
            // Some scores are computed twice, which is faster than one at a time.
            scores::<S, K, G>(job, keys, len - K, &mut greatest);
        }
    }
    for g in 0..G {
        let scores = job.scores.add(g * len * 16);
        let mut sum = S::splat(0.0);
        for key in 0..len {
            let at = scores.add(key * 16);
            let weight = exp::<S>(S::sub(S::load(at), greatest[g]));
            S::store(at, weight);
            sum = S::add(sum, weight);
        }
        let mut sums = [0.0; 16];
        S::store(sums.as_mut_ptr(), sum);
        let mut query = 0;
        while query < 16 && (group + g) * 16 + query < len {
            let mut panel = 0;
            while panel + 2 <= job.panels {
                values_tile::<S, Q, 2>(job, values, head, panel, group + g, query, scores, &sums);
                panel += 2;
            }
            if panel < job.panels {
                values_tile::<S, Q, 1>(job, values, head, panel, group + g, query, scores, &sums);
            }
            query += Q;
        }
    }
}

/// Scores of `K` keys for `G` groups of queries.
#[inline(always)]
unsafe fn scores<S: Simd, const K: usize, const G: usize>(
    job: &Attention,
    keys: *const f32,
    key: usize,
    greatest: &mut [S::F; G],
) {
    let size = job.panels * 16;
    let mut sums = [[S::splat(0.0); G]; K];
    for panel in 0..job.panels {
        let keys = keys.add((panel * job.len + key) * 16);
        for d in 0..16 {
            let mut queries = [S::splat(0.0); G];
            for g in 0..G {
                queries[g] = S::load(job.columns.add((g * size + panel * 16 + d) * 16));
            }
            for k in 0..K {
                let value = S::splat(*keys.add(k * 16 + d));
                for g in 0..G {
                    sums[k][g] = S::add(sums[k][g], S::mul(value, queries[g]));
                }
            }
        }
    }
    for k in 0..K {
        for g in 0..G {
            S::store(job.scores.add((g * job.len + key + k) * 16), sums[k][g]);
            greatest[g] = S::max(sums[k][g], greatest[g]);
        }
    }
}

/// Weighted means of `C` panels of the values for `Q` queries.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "the inside of a loop")]
unsafe fn values_tile<S: Simd, const Q: usize, const C: usize>(
    job: &Attention,
    values: *const f32,
    head: usize,
    panel: usize,
    group: usize,
    query: usize,
    scores: *const f32,
    sums: &[f32; 16],
) {
    let mut means = [[S::splat(0.0); C]; Q];
    for key in 0..job.len {
        let mut value = [S::splat(0.0); C];
        for c in 0..C {
            value[c] = S::load(values.add(((panel + c) * job.len + key) * 16));
        }
        for q in 0..Q {
            let weight = S::splat(*scores.add(key * 16 + query + q));
            for c in 0..C {
                means[q][c] = S::add(means[q][c], S::mul(weight, value[c]));
            }
        }
    }
    for q in 0..Q {
        let position = group * 16 + query + q;
        if position < job.len {
            let share = S::splat(1.0 / sums[query + q]);
            let to = job.out.add(((position * job.heads + head) * job.panels + panel) * 16);
            for c in 0..C {
                S::store(to.add(c * 16), S::mul(means[q][c], share));
            }
        }
    }
}

/// Rows of floats times a matrix, from a start.
pub(super) struct Dense {
    pub(super) rows: usize,
    pub(super) inputs: usize,
    /// A multiple of 16.
    pub(super) outputs: usize,
    /// `[rows][inputs]`
    pub(super) x: *const f32,
    /// `[inputs][outputs]`
    pub(super) weight: *const f32,
    /// `[outputs]`
    pub(super) start: *const f32,
    /// `[rows][outputs]`
    pub(super) out: *mut f32,
}

impl Op for Dense {
    #[inline(always)]
    unsafe fn run<S: Tiles>(self) {
        S::dense(&self);
    }
}

/// In tiles of `R` rows and `C` panels of 16 columns.
#[inline(always)]
unsafe fn dense<S: Simd, const R: usize, const C: usize>(job: &Dense) {
    let panels = job.outputs / 16;
    let mut panel = 0;
    while panel + C <= panels {
        dense_rows::<S, R, C>(job, panel);
        panel += C;
    }
    while panel < panels {
        dense_rows::<S, R, 1>(job, panel);
        panel += 1;
    }
}

#[inline(always)]
unsafe fn dense_rows<S: Simd, const R: usize, const C: usize>(job: &Dense, panel: usize) {
    let mut row = 0;
    while row + R <= job.rows {
        dense_tile::<S, R, C>(job, row, panel);
        row += R;
    }
    while row < job.rows {
        dense_tile::<S, 1, C>(job, row, panel);
        row += 1;
    }
}

#[inline(always)]
unsafe fn dense_tile<S: Simd, const R: usize, const C: usize>(
    job: &Dense,
    row: usize,
    panel: usize,
) {
    let mut sums = [[S::splat(0.0); C]; R];
    for r in 0..R {
        for c in 0..C {
            sums[r][c] = S::load(job.start.add((panel + c) * 16));
        }
    }
    for k in 0..job.inputs {
        let mut weights = [S::splat(0.0); C];
        for c in 0..C {
            weights[c] = S::load(job.weight.add(k * job.outputs + (panel + c) * 16));
        }
        for r in 0..R {
            let x = S::splat(*job.x.add((row + r) * job.inputs + k));
            for c in 0..C {
                sums[r][c] = S::add(sums[r][c], S::mul(x, weights[c]));
            }
        }
    }
    for r in 0..R {
        for c in 0..C {
            S::store(job.out.add((row + r) * job.outputs + (panel + c) * 16), sums[r][c]);
        }
    }
}
