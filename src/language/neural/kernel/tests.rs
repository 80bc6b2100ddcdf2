use std::time::Instant;

use super::*;

/// A small generator of numbers.
pub(in super::super) struct Random(pub(in super::super) u64);

impl Random {
    pub(in super::super) fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as u32
    }

    /// From -1 to 1.
    pub(in super::super) fn float(&mut self) -> f32 {
        self.next() as f32 / (1_u32 << 30) as f32 - 1.0
    }

    pub(in super::super) fn floats(&mut self, n: usize, size: f32) -> Vec<f32> {
        (0..n).map(|_| self.float() * size).collect()
    }

    pub(in super::super) fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| (self.next() >> 8) as u8).collect()
    }
}

fn kernels() -> Vec<Kernel> {
    Instructions::ALL.into_iter().filter_map(Kernel::new).collect()
}

fn bits(x: &[f32]) -> Vec<u32> {
    x.iter().map(|x| x.to_bits()).collect()
}

/// The same from all kernels; gives it.
fn same(what: &str, f: impl Fn(Kernel) -> Vec<f32>) -> Vec<f32> {
    let expected = f(Kernel::new(Instructions::Portable).unwrap());
    for kernel in kernels() {
        assert_eq!(bits(&f(kernel)), bits(&expected), "{what}: {:?}", kernel.instructions());
    }
    expected
}

fn matrix(random: &mut Random, inputs: usize, outputs: usize) -> (Matrix, Vec<u8>) {
    let weight = random.bytes(inputs * outputs);
    let scale = random.floats(outputs, 0.01);
    let bias = random.floats(outputs, 1.0);
    (Matrix::new(inputs, &weight, scale, bias).unwrap(), weight)
}

#[test]
fn integer_products_are_exact_on_all_paths() {
    let mut random = Random(1);
    for (rows, inputs, outputs) in
        [(1, 16, 16), (2, 32, 48), (3, 16, 64), (7, 48, 80), (13, 64, 144), (12, 1536, 64)]
    {
        let (mut matrix, weight) = matrix(&mut random, inputs, outputs);
        let mut x = Quantized {
            width: inputs,
            bytes: random.bytes(rows * inputs).iter().map(|&byte| byte.max(1)).collect(),
            scale: random.floats(rows, 0.1),
        };
        for extreme in [false, true] {
            let mut weight = weight.clone();
            if extreme {
                // The greatest sums that there can be, and the least.
                x.bytes.iter_mut().enumerate().for_each(|(i, byte)| *byte = [255, 1][i % 3 / 2]);
                weight.iter_mut().enumerate().for_each(|(i, w)| *w = [0x80, 0x7F][i % 128 / 64]);
                matrix = Matrix::new(inputs, &weight, matrix.scale, matrix.bias).unwrap();
            }
            let mut expected = vec![0.0; rows * outputs];
            for m in 0..rows {
                for n in 0..outputs {
                    let sum: i32 = (0..inputs)
                        .map(|k| {
                            let at = (n / 16 * (inputs / 4) + k / 4) * 64 + n % 16 * 4 + k % 4;
                            (i32::from(x.bytes[m * inputs + k]) - 128) * i32::from(weight[at] as i8)
                        })
                        .sum();
                    expected[m * outputs + n] =
                        sum as f32 * (x.scale[m] * matrix.scale[n]) + matrix.bias[n];
                }
            }
            for kernel in kernels() {
                let mut out = vec![f32::NAN; rows * outputs];
                kernel.linear(&x, &matrix, Layout::Rows, &mut out);
                assert_eq!(bits(&out), bits(&expected), "{:?}", kernel.instructions());
                let mut panels = vec![f32::NAN; rows * outputs];
                kernel.linear(&x, &matrix, Layout::Panels, &mut panels);
                for m in 0..rows {
                    for n in 0..outputs {
                        let at = (n / 16 * rows + m) * 16 + n % 16;
                        assert_eq!(panels[at].to_bits(), expected[m * outputs + n].to_bits());
                    }
                }
            }
        }
    }
}

/// Rows as numbers again.
fn numbers(x: &Quantized) -> Vec<f32> {
    let row = |(bytes, scale): (&[u8], &f32)| -> Vec<f32> {
        bytes.iter().map(|&byte| (f32::from(byte) - 128.0) * scale).collect()
    };
    x.bytes.chunks(x.width).zip(&x.scale).flat_map(row).collect()
}

#[test]
fn bytes_stand_for_the_rows() {
    let mut random = Random(2);
    for width in [16, 48, 384] {
        let mut x = random.floats(width * 5, 3.0);
        x[width..2 * width].fill(0.0);
        x[2 * width..3 * width].fill(1e-38);
        x[3 * width] = -1e30;
        let expected = x.clone();
        let got = same("quantize", |kernel| {
            let mut out = Quantized::default();
            kernel.quantize(&mut x.clone(), width, &mut out);
            assert!(out.bytes.iter().all(|&byte| byte > 0));
            assert_eq!(out.scale.len(), 5);
            numbers(&out)
        });
        for (row, (got, expected)) in got.chunks(width).zip(expected.chunks(width)).enumerate() {
            let greatest = expected.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
            for (got, expected) in got.iter().zip(expected) {
                assert!((got - expected).abs() <= greatest / 253.0 + 1e-30, "row {row}");
            }
        }
    }
}

#[test]
fn halves_are_rounded_to_even() {
    let mut x = vec![0.5, 1.5, 2.5, -0.5, -1.5, 127.0, -127.0, 3.49];
    x.resize(16, 0.0);
    for kernel in kernels() {
        let mut out = Quantized::default();
        kernel.quantize(&mut x.clone(), 16, &mut out);
        assert_eq!(out.bytes[..9], [128, 130, 130, 128, 126, 255, 1, 131, 128]);
    }
}

#[test]
fn numbers_that_are_none_give_bytes() {
    let mut random = Random(3);
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
        let mut x = random.floats(64, 2.0);
        x[21] = odd;
        let mut expected = None;
        for kernel in kernels() {
            let mut out = Quantized::default();
            kernel.quantize(&mut x.clone(), 64, &mut out);
            let expected = expected.get_or_insert_with(|| out.bytes.clone());
            assert_eq!(&out.bytes, expected, "{:?}", kernel.instructions());
        }
    }
}

#[test]
fn gelu_is_near_the_true_one() {
    let mut x: Vec<f32> = (-800..800).map(|i| i as f32 / 100.0).collect();
    x.resize(1616, -100.0);
    let mut quantized = Quantized::default();
    let out = same("gelu", |kernel| {
        let mut out = x.clone();
        let mut bytes = Quantized::default();
        kernel.gelu(&mut out, 16, &mut bytes);
        out.extend(numbers(&bytes));
        out
    });
    for (&x, &y) in x.iter().zip(&out) {
        // Φ by a sum of small steps.
        let steps = 2000;
        let step = f64::from(x) / f64::from(steps);
        let density = |t: f64| (-t * t / 2.0 * std::f64::consts::LOG2_E).exp2() / 2.506_628_274_631;
        let phi: f64 =
            0.5 + (0..steps).map(|i| density((f64::from(i) + 0.5) * step) * step).sum::<f64>();
        let error = (f64::from(y) - f64::from(x) * phi).abs();
        assert!(error < if x < -50.0 { 3e-3 } else { 3e-4 }, "{x}: {y}, error {error}");
    }
    Kernel::detect().quantize(&mut x, 16, &mut quantized);
}

#[test]
fn rows_are_normalized() {
    let mut random = Random(4);
    for width in [16, 48, 384] {
        let x = random.floats(width * 3, 5.0);
        let plus = random.floats(width * 3, 5.0);
        let norm = Norm { weight: random.floats(width, 2.0), bias: random.floats(width, 1.0) };
        for plus in [&plus[..], &[]] {
            let out = same("norm", |kernel| {
                let mut out = x.clone();
                let mut bytes = Quantized::default();
                kernel.norm(&mut out, plus, &norm, &mut bytes);
                out.extend(numbers(&bytes));
                out
            });
            for row in 0..3 {
                let sum: Vec<f64> = (row * width..(row + 1) * width)
                    .map(|i| f64::from(x[i] + plus.get(i).unwrap_or(&0.0)))
                    .collect();
                let mean = sum.iter().sum::<f64>() / width as f64;
                let variance =
                    sum.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / width as f64;
                for i in 0..width {
                    let y = (sum[i] - mean) / variance.sqrt() * f64::from(norm.weight[i])
                        + f64::from(norm.bias[i]);
                    assert!((y - f64::from(out[row * width + i])).abs() < 1e-4);
                }
            }
        }
        let norm = Norm { weight: vec![1.0; width], bias: vec![0.5; width] };
        let flat = same("flat", |kernel| {
            let mut out = vec![7.0; width];
            kernel.norm(&mut out, &[], &norm, &mut Quantized::default());
            out
        });
        assert!(flat.iter().all(|&y| y == 0.5));
    }
}

#[test]
fn attention_is_a_mean_by_scores() {
    let mut random = Random(5);
    for (len, heads, size) in
        [(1, 1, 16), (3, 2, 16), (7, 1, 32), (8, 3, 32), (17, 2, 48), (50, 2, 32), (100, 1, 32)]
    {
        let width = heads * size;
        for extent in [1.0, 40.0] {
            let qkv = random.floats(3 * len * width, extent);
            let got = same("attention", |kernel| {
                let mut out = vec![f32::NAN; len * width];
                kernel.attention(&qkv, heads, width, &mut Vec::new(), &mut out);
                out
            });
            let at = |part: usize, head: usize, position: usize, d: usize| {
                let panel = (part * heads + head) * (size / 16) + d / 16;
                f64::from(qkv[(panel * len + position) * 16 + d % 16])
            };
            for head in 0..heads {
                for query in 0..len {
                    let scores: Vec<f64> = (0..len)
                        .map(|key| {
                            (0..size).map(|d| at(0, head, query, d) * at(1, head, key, d)).sum()
                        })
                        .collect();
                    let greatest = scores.iter().fold(f64::MIN, |a, &b| a.max(b));
                    let weights: Vec<f64> = scores
                        .iter()
                        .map(|score| ((score - greatest) * std::f64::consts::LOG2_E).exp2())
                        .collect();
                    let sum: f64 = weights.iter().sum();
                    for d in 0..size {
                        let mean: f64 = weights
                            .iter()
                            .enumerate()
                            .map(|(key, weight)| weight * at(2, head, key, d))
                            .sum();
                        let got = f64::from(got[(query * heads + head) * size + d]);
                        let error = (got - mean / sum).abs();
                        assert!(error < 1e-3 * f64::from(extent), "{got}, {}", mean / sum);
                    }
                }
            }
        }
    }
}

#[test]
fn extreme_scores_are_the_same_on_all_paths() {
    let mut qkv = vec![1e20; 3 * 5 * 16];
    qkv[3] = f32::MAX;
    qkv[90] = -f32::MAX;
    for kernel in kernels() {
        let mut out = vec![0.0; 5 * 16];
        kernel.attention(&qkv, 1, 16, &mut Vec::new(), &mut out);
        let mut expected = vec![0.0; 5 * 16];
        let portable = Kernel::new(Instructions::Portable).unwrap();
        portable.attention(&qkv, 1, 16, &mut Vec::new(), &mut expected);
        for (out, expected) in out.iter().zip(&expected) {
            assert!(out.to_bits() == expected.to_bits() || out.is_nan() && expected.is_nan());
        }
    }
}

#[test]
fn dense_products_are_the_same_on_all_paths() {
    let mut random = Random(6);
    for (rows, inputs, outputs) in [(1, 1, 16), (5, 7, 48), (9, 128, 80), (17, 33, 32)] {
        let x = random.floats(rows * inputs, 1.0);
        let weight = random.floats(inputs * outputs, 1.0);
        let start = random.floats(outputs, 1.0);
        let got = same("dense", |kernel| {
            let mut out = vec![f32::NAN; rows * outputs];
            kernel.dense(&x, &weight, &start, &mut out);
            out
        });
        for m in 0..rows {
            for n in 0..outputs {
                let sum = (0..inputs)
                    .fold(start[n], |sum, k| sum + x[m * inputs + k] * weight[k * outputs + n]);
                assert_eq!(sum.to_bits(), got[m * outputs + n].to_bits());
            }
        }
    }
}

#[test]
fn matrices_that_do_not_fit_are_refused() {
    let floats = |n| vec![0.0; n];
    assert!(Matrix::new(16, &[0; 256], floats(16), floats(16)).is_ok());
    assert!(Matrix::new(0, &[], floats(16), floats(16)).is_err());
    assert!(Matrix::new(16, &[0; 255], floats(16), floats(16)).is_err());
    assert!(Matrix::new(16, &[0; 256], floats(16), floats(32)).is_err());
    assert!(Matrix::new(8, &[0; 128], floats(16), floats(16)).is_err());
    assert!(Matrix::new(16, &[0; 128], floats(8), floats(8)).is_err());
    assert!(Matrix::new(usize::MAX - 15, &[0; 128], floats(16), floats(16)).is_err());
}

/// Least time of some runs, in seconds.
fn least(runs: usize, mut f: impl FnMut()) -> f64 {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            f();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}

#[test]
#[ignore = "takes time, and says how much"]
fn speed() {
    let mut random = Random(7);
    for kernel in kernels() {
        let runs = if kernel.instructions() == Instructions::Portable { 10 } else { 300 };
        println!("{:?}", kernel.instructions());
        for (rows, inputs, outputs) in
            [(100, 384, 1152), (100, 384, 384), (100, 384, 1536), (100, 1536, 384), (80, 384, 928)]
        {
            let (matrix, _) = matrix(&mut random, inputs, outputs);
            let mut x = Quantized::default();
            kernel.quantize(&mut random.floats(rows * inputs, 1.0), inputs, &mut x);
            let mut out = vec![0.0; rows * outputs];
            for layout in [Layout::Rows, Layout::Panels] {
                let time = least(runs, || kernel.linear(&x, &matrix, layout, &mut out));
                let macs = (rows * inputs * outputs) as f64;
                println!(
                    "  linear {rows} x {inputs} x {outputs} {layout:?}: {:.1} us, {:.1} GMAC/s",
                    time * 1e6,
                    macs / time * 1e-9
                );
            }
        }
        for len in [50, 100, 128, 200] {
            let qkv = random.floats(3 * len * 384, 1.0);
            let (mut out, mut scratch) = (vec![0.0; len * 384], Vec::new());
            let time = least(runs, || kernel.attention(&qkv, 12, 384, &mut scratch, &mut out));
            println!("  attention {len}: {:.1} us", time * 1e6);
        }
        let mut x = random.floats(100 * 1536, 1.0);
        let mut out = Quantized::default();
        let time = least(runs, || kernel.gelu(&mut x, 1536, &mut out));
        println!("  gelu: {:.1} us", time * 1e6);
        let mut x = random.floats(100 * 384, 1.0);
        let norm = Norm { weight: random.floats(384, 1.0), bias: random.floats(384, 1.0) };
        let time = least(runs, || kernel.norm(&mut x, &[], &norm, &mut out));
        println!("  norm: {:.1} us", time * 1e6);
        let time = least(runs, || kernel.quantize(&mut x, 384, &mut out));
        println!("  quantize: {:.1} us", time * 1e6);
        let (x, weight) = (random.floats(25 * 128, 1.0), random.floats(128 * 128, 1.0));
        let mut dense = vec![0.0; 25 * 128];
        let time = least(runs, || kernel.dense(&x, &weight, &weight[..128], &mut dense));
        println!("  dense 25 x 128 x 128: {:.1} us", time * 1e6);
    }
}
