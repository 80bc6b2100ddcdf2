//! The arithmetic of the encoder, as fast as the processor allows, with the same bits on all.
//!
//! This is the only module with unsafe code: vector instructions behind functions that check
//! lengths. Which instructions there are is asked once, when a [`Kernel`] is made.

#![allow(unsafe_code, reason = "vector instructions; all bounds are checked here")]
#![allow(unsafe_op_in_unsafe_fn, reason = "the inner functions are nothing but such operations")]
#![allow(clippy::needless_range_loop, reason = "loops of constant length over registers")]

mod lanes;
mod ops;

use ops::{Before, Op};

/// Instructions to compute with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// What every processor has.
    Portable,
    /// AVX2.
    Avx2,
    /// AVX2 with VNNI.
    AvxVnni,
    /// AVX-512 with VNNI.
    Avx512,
}

impl Instructions {
    /// All, the fastest last.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::AvxVnni, Self::Avx512];

    /// True if this processor has them.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => {
                is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }
}

impl std::str::FromStr for Instructions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "portable" => Ok(Self::Portable),
            "avx2" => Ok(Self::Avx2),
            "avxvnni" => Ok(Self::AvxVnni),
            "avx512" => Ok(Self::Avx512),
            _ => Err(format!("{text:?} is not portable, avx2, avxvnni or avx512")),
        }
    }
}

/// The operations, on instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Kernel {
    instructions: Instructions,
}

/// Where the columns of a result stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `[rows][columns]`
    Rows,
    /// `[columns / 16][rows][16]`
    Panels,
}

impl Kernel {
    /// On the fastest instructions.
    pub(in super::super) fn detect() -> Self {
        let instructions =
            Instructions::ALL.into_iter().rfind(|instructions| instructions.is_available());
        Self { instructions: instructions.unwrap_or(Instructions::Portable) }
    }

    /// On these instructions, if the processor has them.
    pub(in super::super) fn new(instructions: Instructions) -> Option<Self> {
        instructions.is_available().then_some(Self { instructions })
    }

    /// The instructions.
    #[cfg(test)]
    pub(in super::super) fn instructions(self) -> Instructions {
        self.instructions
    }

    /// A linear layer; `out` has one number for each row of `x` and output.
    pub(super) fn linear(self, x: &Quantized, matrix: &Matrix, layout: Layout, out: &mut [f32]) {
        let rows = x.scale.len();
        let Matrix { inputs, outputs, .. } = *matrix;
        assert_eq!(x.width, inputs);
        assert_eq!(x.bytes.len(), rows * inputs);
        assert_eq!(out.len(), rows * outputs);
        let (row_stride, panel_stride) = match layout {
            Layout::Rows => (outputs, 16),
            Layout::Panels => (16, rows * 16),
        };
        // SAFETY: the lengths above, and those that `Matrix::new` checked.
        unsafe {
            self.run(ops::Linear {
                rows,
                x: x.bytes.as_ptr(),
                x_scale: x.scale.as_ptr(),
                inputs,
                outputs,
                weight: matrix.weight.as_ptr().cast(),
                start: matrix.start.as_ptr(),
                scale: matrix.scale.as_ptr(),
                bias: matrix.bias.as_ptr(),
                out: out.as_mut_ptr(),
                row_stride,
                panel_stride,
            });
        }
    }

    /// Rows of `width` as bytes.
    pub(super) fn quantize(self, x: &mut [f32], width: usize, out: &mut Quantized) {
        self.quantize_after(Before::Nothing, x, width, out);
    }

    /// GELU in place, and the rows as bytes.
    pub(super) fn gelu(self, x: &mut [f32], width: usize, out: &mut Quantized) {
        self.quantize_after(Before::Gelu, x, width, out);
    }

    /// Adds `plus` (unless it is empty), normalizes each row in place, and gives the rows as bytes.
    pub(super) fn norm(self, x: &mut [f32], plus: &[f32], norm: &Norm, out: &mut Quantized) {
        let width = norm.weight.len();
        assert_eq!(norm.bias.len(), width);
        assert!(plus.is_empty() || plus.len() == x.len());
        let plus = if plus.is_empty() { std::ptr::null() } else { plus.as_ptr() };
        let (weight, bias) = (norm.weight.as_ptr(), norm.bias.as_ptr());
        self.quantize_after(Before::Norm { weight, bias, plus }, x, width, out);
    }

    fn quantize_after(self, before: Before, x: &mut [f32], width: usize, out: &mut Quantized) {
        assert!(width > 0 && width.is_multiple_of(16) && x.len().is_multiple_of(width));
        let rows = x.len() / width;
        out.width = width;
        out.bytes.resize(rows * width, 0);
        out.scale.resize(rows, 0.0);
        // SAFETY: the lengths above, and those that `norm` checked.
        unsafe {
            self.run(ops::Quantize {
                before,
                rows,
                width,
                x: x.as_mut_ptr(),
                bytes: out.bytes.as_mut_ptr(),
                scale: out.scale.as_mut_ptr(),
            });
        }
    }

    /// Attention of all rows to all; `qkv` is in panels, `out` in rows of a third of the width.
    pub(super) fn attention(
        self,
        qkv: &[f32],
        heads: usize,
        width: usize,
        scratch: &mut Vec<f32>,
        out: &mut [f32],
    ) {
        assert!(heads > 0 && width > 0 && width.is_multiple_of(heads * 16));
        assert!(out.len().is_multiple_of(width) && qkv.len() == out.len() * 3);
        let len = out.len() / width;
        let columns = ops::GROUPS * 16 * (width / heads);
        let needed = columns + ops::GROUPS * 16 * len;
        if scratch.len() < needed {
            scratch.resize(needed, 0.0);
        }
        let (columns, scores) = scratch.split_at_mut(columns);
        // SAFETY: the lengths above.
        unsafe {
            self.run(ops::Attention {
                len,
                heads,
                panels: width / heads / 16,
                qkv: qkv.as_ptr(),
                out: out.as_mut_ptr(),
                columns: columns.as_mut_ptr(),
                scores: scores.as_mut_ptr(),
            });
        }
    }

    /// Rows times a matrix `[inputs][start.len()]`, plus `start`; in floats.
    pub(super) fn dense(self, x: &[f32], weight: &[f32], start: &[f32], out: &mut [f32]) {
        let outputs = start.len();
        assert!(outputs > 0 && outputs.is_multiple_of(16) && weight.len().is_multiple_of(outputs));
        let inputs = weight.len() / outputs;
        assert!(inputs > 0 && x.len().is_multiple_of(inputs));
        let rows = x.len() / inputs;
        assert_eq!(out.len(), rows * outputs);
        // SAFETY: the lengths above.
        unsafe {
            self.run(ops::Dense {
                rows,
                inputs,
                outputs,
                x: x.as_ptr(),
                weight: weight.as_ptr(),
                start: start.as_ptr(),
                out: out.as_mut_ptr(),
            });
        }
    }

    /// # Safety
    /// What the operation points to must be there.
    unsafe fn run<O: Op>(self, op: O) {
        // SAFETY: a kernel is only made with instructions that were detected.
        match self.instructions {
            Instructions::Portable => op.run::<lanes::Portable>(),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => avx2(op),
            #[cfg(target_arch = "x86_64")]
            Instructions::AvxVnni => avx_vnni(op),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => avx512(op),
            #[cfg(not(target_arch = "x86_64"))]
            _ => op.run::<lanes::Portable>(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2<O: Op>(op: O) {
    op.run::<lanes::Avx2>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn avx_vnni<O: Op>(op: O) {
    op.run::<lanes::AvxVnni>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
unsafe fn avx512<O: Op>(op: O) {
    op.run::<lanes::Avx512>();
}

/// Rows of numbers as bytes, with a scale each.
#[derive(Clone, Debug, Default)]
pub(super) struct Quantized {
    width: usize,
    /// Each 128 more than the number it stands for.
    bytes: Vec<u8>,
    /// The greatest absolute value of the row / 127.
    scale: Vec<f32>,
}

/// Weight and bias of a layer normalization.
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// A cache line of weights.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct CacheLine([i8; 64]);

/// The weights of a linear layer.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    /// `[outputs / 16][inputs / 4]` of `[16][4]`
    weight: Vec<CacheLine>,
    /// Takes off what the 128 in each input adds.
    start: Vec<i32>,
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// Greatest number of inputs: no sum can overflow.
    pub(super) const INPUTS: usize = 1 << 16;

    /// From packed weights `[outputs / 16][inputs / 4][16][4]`, the bits of `i8`.
    pub(super) fn new(
        inputs: usize,
        weight: &[u8],
        scale: Vec<f32>,
        bias: Vec<f32>,
    ) -> Result<Self, String> {
        let outputs = scale.len();
        if inputs == 0 || !inputs.is_multiple_of(16) || inputs > Self::INPUTS {
            return Err(format!("{inputs} inputs"));
        }
        if outputs == 0 || !outputs.is_multiple_of(16) || bias.len() != outputs {
            return Err(format!("{outputs} outputs, {} biases", bias.len()));
        }
        if inputs.checked_mul(outputs) != Some(weight.len()) {
            return Err(format!("{} weights for {inputs} x {outputs}", weight.len()));
        }
        let (lines, _) = weight.as_chunks::<64>();
        let lines: Vec<CacheLine> =
            lines.iter().map(|line| CacheLine(line.map(|byte| byte as i8))).collect();
        let mut start = Vec::with_capacity(outputs);
        for panel in lines.chunks_exact(inputs / 4) {
            let mut sums = [0_i32; 64];
            for line in panel {
                for (sum, &weight) in sums.iter_mut().zip(&line.0) {
                    *sum += i32::from(weight);
                }
            }
            let (sums, _) = sums.as_chunks::<4>();
            start.extend(sums.iter().map(|sum| -128 * sum.iter().sum::<i32>()));
        }
        Ok(Self { inputs, outputs, weight: lines, start, scale, bias })
    }
}

#[cfg(test)]
pub(super) mod tests;
