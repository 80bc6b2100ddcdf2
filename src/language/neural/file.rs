//! Reading the model: a JSON header that describes the tensors, then the numbers.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::encoder::{Layer, Tower};
use super::heads::{Heads, Labels, Parts, Tag};
use super::kernel::{Matrix, Norm};
use super::lemma::{KnownForms, Script};
use super::wordpiece::{GAPS, PIECES, PieceVocabulary, SHAPES};
use super::{Neural, Sizes};
use crate::document::Deprel;

/// All tensors begin at a multiple of this.
const ALIGNMENT: usize = 64;
/// No size is greater.
const GREATEST: usize = 1 << 15;

#[derive(Deserialize)]
struct Meta {
    licence: String,
    card: String,
    #[serde(flatten)]
    sizes: Sizes,
    towers: Vec<TowerMeta>,
    tags: Vec<String>,
    deprels: Vec<String>,
    scripts: Vec<String>,
    names: Vec<String>,
    tensors: Vec<TensorMeta>,
}

#[derive(Deserialize)]
struct TowerMeta {
    name: String,
    layers: usize,
}

#[derive(Deserialize)]
struct TensorMeta {
    name: String,
    kind: TensorType,
    shape: Vec<usize>,
    offset: usize,
    length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TensorType {
    U8,
    I8,
    F32,
}

impl TensorType {
    fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::F32 => 4,
        }
    }
}

/// The tensors, by name.
struct Tensors<'b> {
    index: FxHashMap<String, (TensorType, Vec<usize>, &'b [u8])>,
}

impl<'b> Tensors<'b> {
    fn new(data: &'b [u8], metas: Vec<TensorMeta>) -> Result<Self, String> {
        let mut index = FxHashMap::default();
        for TensorMeta { name, kind, shape, offset, length } in metas {
            let size = shape.iter().try_fold(kind.size(), |size, &n| size.checked_mul(n));
            if size != Some(length) {
                return Err(format!("tensor {name}: {length} bytes for {shape:?} {kind:?}"));
            }
            if !offset.is_multiple_of(ALIGNMENT) {
                return Err(format!("tensor {name}: begins at {offset}"));
            }
            let bytes = offset
                .checked_add(length)
                .and_then(|end| data.get(offset..end))
                .ok_or_else(|| format!("tensor {name}: ends after the file"))?;
            if index.insert(name.clone(), (kind, shape, bytes)).is_some() {
                return Err(format!("tensor {name} is there twice"));
            }
        }
        Ok(Self { index })
    }

    fn bytes(&self, name: &str, kind: TensorType, shapes: &[&[usize]]) -> Result<&'b [u8], String> {
        let (found, shape, bytes) =
            self.index.get(name).ok_or_else(|| format!("tensor {name} is missing"))?;
        if *found != kind || !shapes.contains(&shape.as_slice()) {
            let expected = shapes[0];
            return Err(format!(
                "tensor {name}: {found:?} {shape:?}, expected {kind:?} {expected:?}"
            ));
        }
        Ok(bytes)
    }

    /// Lines of text, of whatever length.
    fn text(&self, name: &str) -> Result<&'b [u8], String> {
        let shape = self.index.get(name).map(|(_, shape, _)| shape.as_slice());
        self.bytes(name, TensorType::U8, &[shape.unwrap_or(&[])])
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let bytes = self.bytes(name, TensorType::F32, &[shape])?;
        let (numbers, _) = bytes.as_chunks::<4>();
        let numbers: Vec<f32> = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(numbers)
        } else {
            Err(format!("tensor {name}: holds what is no finite number"))
        }
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, String> {
        Ok(Norm {
            weight: self.floats(&format!("{name}.weight"), &[width])?,
            bias: self.floats(&format!("{name}.bias"), &[width])?,
        })
    }

    fn matrix(&self, name: &str, inputs: usize, outputs: usize) -> Result<Matrix, String> {
        let weight = self.bytes(
            &format!("{name}.weight"),
            TensorType::I8,
            &[&[outputs / 16, inputs / 4, 16, 4], &[outputs, inputs]],
        )?;
        let scale = self.floats(&format!("{name}.scale"), &[outputs])?;
        let bias = self.floats(&format!("{name}.bias"), &[outputs])?;
        Matrix::new(inputs, weight, scale, bias).map_err(|cause| format!("tensor {name}: {cause}"))
    }
}

/// Reads a model. `hold` keeps bytes for as long as the model lives.
pub(super) fn read<'b>(
    content: &'b [u8],
    hold: impl Fn(&'b [u8]) -> Cow<'static, [u8]>,
) -> Result<Neural, String> {
    let (meta, data) = split(content)?;
    let meta: Meta = serde_json::from_slice(meta).map_err(|error| format!("meta: {error}"))?;
    check(&meta.sizes)?;
    let labels = labels(&meta)?;
    let sizes = meta.sizes;
    let tensors = Tensors::new(data, meta.tensors)?;
    let vocabulary = PieceVocabulary::new(hold(tensors.text("vocab")?))?;
    let known = KnownForms::new(tensors.text("lemmas")?, labels.tags.len())?;
    let pieces = vocabulary.len();
    let embed = tensors.bytes("embed.weight", TensorType::I8, &[&[pieces, sizes.hidden]])?;
    let embed_scale = tensors.floats("embed.scale", &[pieces])?;
    let parts = Parts::new(&sizes, &labels);
    let mut towers: Vec<Tower> = Vec::with_capacity(meta.towers.len());
    for TowerMeta { name, layers } in meta.towers {
        if towers.iter().any(|tower| tower.name == name) {
            return Err(format!("tower {name} is there twice"));
        }
        towers.push(tower(name, layers, &sizes, &parts, &tensors)?);
    }
    if towers.is_empty() {
        return Err("no towers".to_owned());
    }
    Ok(Neural {
        licence: meta.licence,
        card: meta.card,
        sizes,
        vocabulary,
        embed: hold(embed),
        embed_scale,
        towers,
        labels,
        known,
        parts,
    })
}

/// The JSON header and the numbers.
fn split(content: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let short = || "the content ends within its meta".to_owned();
    let (len, rest) = content.split_first_chunk::<4>().ok_or_else(short)?;
    let len = u32::from_le_bytes(*len) as usize;
    let meta = rest.get(..len).ok_or_else(short)?;
    let data = (4 + len).next_multiple_of(ALIGNMENT);
    Ok((meta, content.get(data..).unwrap_or_default()))
}

fn check(sizes: &Sizes) -> Result<(), String> {
    let &Sizes { hidden, heads, ffn, positions, arc, label } = sizes;
    for (name, size) in [("hidden", hidden), ("ffn", ffn), ("arc", arc), ("label", label)] {
        if size == 0 || size > GREATEST || !size.is_multiple_of(16) {
            return Err(format!("{name} is {size}, expected a multiple of 16 up to {GREATEST}"));
        }
    }
    if heads == 0 || heads > hidden || !hidden.is_multiple_of(heads * 16) {
        return Err(format!("{heads} heads for a hidden size of {hidden}"));
    }
    // Room for at least one word.
    if !(PIECES + 2..=GREATEST).contains(&positions) {
        return Err(format!("{positions} positions"));
    }
    Ok(())
}

fn labels(meta: &Meta) -> Result<Labels, String> {
    fn all<T>(
        what: &str,
        texts: &[String],
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        if texts.is_empty() || texts.len() > GREATEST {
            return Err(format!("{} {what}", texts.len()));
        }
        let parse = |text: &String| parse(text).map_err(|cause| format!("{what}: {cause}"));
        texts.iter().map(parse).collect()
    }
    let tag = |text: &str| {
        let (upos, feats) = text.split_once('|').ok_or_else(|| format!("{text:?} has no '|'"))?;
        Ok(Tag { upos: upos.parse()?, feats: Arc::from(feats) })
    };
    let deprels = all("deprels", &meta.deprels, Deprel::from_str)?;
    if !deprels.contains(&Deprel::Root) || deprels.iter().all(|&label| label == Deprel::Root) {
        return Err("deprels: root and another are needed".to_owned());
    }
    let names = all("names", &meta.names, str::parse)?;
    if !names.contains(&super::heads::Bio::Outside) {
        return Err("names: O is needed".to_owned());
    }
    Ok(Labels {
        tags: all("tags", &meta.tags, tag)?,
        deprels,
        scripts: all("scripts", &meta.scripts, Script::from_str)?,
        names,
    })
}

fn tower(
    name: String,
    layers: usize,
    sizes: &Sizes,
    parts: &Parts,
    tensors: &Tensors,
) -> Result<Tower, String> {
    let &Sizes { hidden, ffn, positions, arc, label, .. } = sizes;
    let layer = |n: usize| -> Result<Layer, String> {
        let name = format!("{name}.{n}");
        Ok(Layer {
            qkv: tensors.matrix(&format!("{name}.qkv"), hidden, 3 * hidden)?,
            out: tensors.matrix(&format!("{name}.out"), hidden, hidden)?,
            norm1: tensors.norm(&format!("{name}.norm1"), hidden)?,
            up: tensors.matrix(&format!("{name}.up"), hidden, ffn)?,
            down: tensors.matrix(&format!("{name}.down"), ffn, hidden)?,
            norm2: tensors.norm(&format!("{name}.norm2"), hidden)?,
        })
    };
    let floats = |part: &str, shape: &[usize]| tensors.floats(&format!("{name}.{part}"), shape);
    Ok(Tower {
        position: floats("position", &[positions, hidden])?,
        shape: floats("shape", &[SHAPES, hidden])?,
        gap: floats("gap", &[GAPS, hidden])?,
        norm: tensors.norm(&format!("{name}.norm"), hidden)?,
        layers: (0..layers).map(layer).collect::<Result<_, _>>()?,
        heads: tensors.matrix(&format!("{name}.heads"), hidden, parts.width)?,
        scores: Heads {
            arc_weight: floats("arc.weight", &[arc, arc])?,
            arc_bias: floats("arc.bias", &[arc])?,
            arc_root: floats("arc.root", &[arc])?,
            label_weight: floats("label.weight", &[label, parts.deprels])?,
            label_bias: floats("label.bias", &[parts.deprels])?,
            label_root: floats("label.root", &[label])?,
        },
        name,
    })
}
