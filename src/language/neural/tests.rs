use std::time::Instant;

use super::kernel::tests::Random;
use super::*;
use crate::document::Upos;

/// Sizes of a model made up for a test.
struct Spec {
    hidden: usize,
    heads: usize,
    ffn: usize,
    positions: usize,
    arc: usize,
    pieces: usize,
    tags: usize,
    scripts: usize,
}

const TINY: Spec =
    Spec { hidden: 32, heads: 2, ffn: 48, positions: 24, arc: 16, pieces: 40, tags: 3, scripts: 3 };

/// A model of random weights, as the file has it.
#[derive(Default)]
struct Builder {
    tensors: Vec<serde_json::Value>,
    data: Vec<u8>,
}

impl Builder {
    fn add(&mut self, name: &str, kind: &str, shape: &[usize], bytes: &[u8]) {
        self.data.resize(self.data.len().next_multiple_of(64), 0);
        self.tensors.push(serde_json::json!({
            "name": name, "kind": kind, "shape": shape,
            "offset": self.data.len(), "length": bytes.len(),
        }));
        self.data.extend_from_slice(bytes);
    }

    fn floats(&mut self, name: &str, shape: &[usize], mut value: impl FnMut() -> f32) {
        let n: usize = shape.iter().product();
        let bytes: Vec<u8> = (0..n).flat_map(|_| value().to_le_bytes()).collect();
        self.add(name, "f32", shape, &bytes);
    }

    fn linear(&mut self, name: &str, inputs: usize, outputs: usize, random: &mut Random) {
        let weight = random.bytes(inputs * outputs);
        let shape = [outputs / 16, inputs / 4, 16, 4];
        self.add(&format!("{name}.weight"), "i8", &shape, &weight);
        let size = 1.0 / 74.0 / (inputs as f32).sqrt();
        self.floats(&format!("{name}.scale"), &[outputs], || size * (1.0 + 0.1 * random.float()));
        self.floats(&format!("{name}.bias"), &[outputs], || 0.1 * random.float());
    }

    fn norm(&mut self, name: &str, width: usize, random: &mut Random) {
        self.floats(&format!("{name}.weight"), &[width], || 1.0 + 0.1 * random.float());
        self.floats(&format!("{name}.bias"), &[width], || 0.1 * random.float());
    }
}

fn build(spec: &Spec, towers: &[(&str, usize)]) -> (serde_json::Value, Vec<u8>) {
    let &Spec { hidden, heads, ffn, positions, arc, pieces, tags, scripts, .. } = spec;
    let random = &mut Random(9);
    let mut out = Builder::default();
    let mut vocab: Vec<String> =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "##s", "dog", "-"].map(str::to_owned).into();
    vocab.extend((vocab.len()..pieces).map(|n| format!("w{n}")));
    let vocab = vocab.join("\n");
    out.add("vocab", "u8", &[vocab.len()], vocab.as_bytes());
    let lemmas = "Dog\t0\tl\n";
    out.add("lemmas", "u8", &[lemmas.len()], lemmas.as_bytes());
    out.add("embed.weight", "i8", &[pieces, hidden], &random.bytes(pieces * hidden));
    out.floats("embed.scale", &[pieces], || 0.01);
    let deprels = ["root", "nsubj", "obj", "det", "punct"];
    let names = ["O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG"];
    let wide = |n: usize| n.next_multiple_of(16);
    let width = 4 * arc + wide(tags) + wide(scripts) + wide(names.len()) + 16;
    for (name, layers) in towers {
        for (part, rows) in [("position", positions), ("shape", 16), ("gap", 4)] {
            out.floats(&format!("{name}.{part}"), &[rows, hidden], || random.float());
        }
        out.norm(&format!("{name}.norm"), hidden, random);
        for layer in 0..*layers {
            let name = format!("{name}.{layer}");
            out.linear(&format!("{name}.qkv"), hidden, 3 * hidden, random);
            out.linear(&format!("{name}.out"), hidden, hidden, random);
            out.linear(&format!("{name}.up"), hidden, ffn, random);
            out.linear(&format!("{name}.down"), ffn, hidden, random);
            out.norm(&format!("{name}.norm1"), hidden, random);
            out.norm(&format!("{name}.norm2"), hidden, random);
        }
        out.linear(&format!("{name}.heads"), hidden, width, random);
        out.floats(&format!("{name}.arc.weight"), &[arc, arc], || random.float());
        out.floats(&format!("{name}.arc.bias"), &[arc], || random.float());
        out.floats(&format!("{name}.arc.root"), &[arc], || random.float());
        out.floats(&format!("{name}.label.weight"), &[arc, 16], || random.float());
        out.floats(&format!("{name}.label.bias"), &[16], || random.float());
        out.floats(&format!("{name}.label.root"), &[arc], || random.float());
    }
    let many = |n: usize, first: &str| -> Vec<String> {
        (0..n).map(|i| if i == 0 { first.to_owned() } else { format!("{first}|{i}|x") }).collect()
    };
    let meta = serde_json::json!({
        "name": "test", "licence": "none", "card": "made up",
        "hidden": hidden, "heads": heads, "ffn": ffn, "positions": positions,
        "arc": arc, "label": arc,
        "towers": towers
            .iter()
            .map(|(name, layers)| serde_json::json!({ "name": name, "layers": layers }))
            .collect::<Vec<_>>(),
        "tags": (0..tags).map(|n| format!("NOUN|Number={n}")).collect::<Vec<_>>(),
        "deprels": deprels, "scripts": many(scripts, "l"), "names": names,
        "tensors": out.tensors,
    });
    (meta, out.data)
}

fn content(meta: &serde_json::Value, data: &[u8]) -> Vec<u8> {
    let meta = meta.to_string();
    let mut content = u32::try_from(meta.len()).unwrap().to_le_bytes().to_vec();
    content.extend_from_slice(meta.as_bytes());
    content.resize(content.len().next_multiple_of(64), 0);
    content.extend_from_slice(data);
    content
}

fn tiny() -> (serde_json::Value, Vec<u8>) {
    build(&TINY, &[("default", 2), ("fast", 1)])
}

fn read(content: &[u8]) -> Result<Neural, String> {
    Neural::read(content)
}

fn tower<'m>(model: &'m Neural, name: &str) -> &'m Tower {
    model.towers().iter().find(|tower| tower.name() == name).unwrap()
}

fn words(model: &Neural, text: &str) -> Vec<WordInput> {
    let word = |form| model.word(form, Gap::Blank, &mut String::new());
    text.split(' ').map(word).collect()
}

#[test]
fn all_paths_give_the_same_rows_and_trees() {
    let (meta, data) = tiny();
    let content = content(&meta, &data);
    let mut expected = Vec::new();
    for kernel in Instructions::ALL.into_iter().filter_map(Kernel::new) {
        let model = Neural::read(&content).unwrap();
        let mut rows = Vec::new();
        let (mut scratch, mut heads) = (Scratch::default(), HeadScratch::default());
        for name in ["default", "fast"] {
            let tower = tower(&model, name);
            for text in ["Dogs", "the w9 w10s of w11 - w12-w13", "w9 w10", "\u{E9} A w12"] {
                let words = words(&model, text);
                assert_eq!(model.fit(&words), words.len());
                let start = rows.len();
                model.encode(kernel, tower, &words, &mut scratch, &mut rows);
                let sentence = rows[start..].to_vec();
                assert_eq!(sentence.len(), words.len() * model.width());
                assert!(sentence.iter().all(|x| x.is_finite()));
                let tree = model.tree(kernel, tower, &sentence, &mut heads);
                assert_eq!(tree.len(), words.len());
                assert_eq!(tree.iter().filter(|arc| arc.head.is_none()).count(), 1);
                for arc in tree {
                    assert_eq!(arc.head.is_none(), arc.deprel == crate::document::Deprel::Root);
                    rows.push(arc.head.map_or(-1.0, |head| head as f32));
                    rows.push(arc.deprel as u32 as f32);
                    rows.push(f32::from(arc.margin));
                }
                for name in model.names(&sentence, &mut heads) {
                    rows.push(name.tokens.start as f32);
                }
                for row in sentence.chunks(model.width()) {
                    assert!(!model.tag(row).1.feats.is_empty());
                    assert!(!model.lemma(row, "Dog", Upos::Noun, |_| true).is_empty());
                    rows.push(model.boundary(row));
                }
            }
        }
        let bits: Vec<u32> = rows.iter().map(|x| x.to_bits()).collect();
        if expected.is_empty() {
            expected = bits;
        } else {
            assert_eq!(bits, expected, "{kernel:?}");
        }
    }
}

#[test]
fn a_window_has_an_end() {
    let (meta, data) = tiny();
    let model = read(&content(&meta, &data)).unwrap();
    let words = words(&model, &"the-the ".repeat(20));
    assert_eq!(model.fit(&words), 7);
    assert_eq!(model.fit(&words[..3]), 3);
    assert_eq!(model.fit(&[]), 0);
    let tower = tower(&model, "default");
    let mut rows = Vec::new();
    model.encode(Kernel::detect(), tower, &words[..7], &mut Scratch::default(), &mut rows);
    model.encode(Kernel::detect(), tower, &[], &mut Scratch::default(), &mut rows);
    assert_eq!(rows.len(), 7 * model.width());
    assert!(model.tree(Kernel::detect(), tower, &[], &mut HeadScratch::default()).is_empty());
}

#[test]
fn cut_and_damaged_content_is_refused() {
    let (meta, data) = tiny();
    let whole = content(&meta, &data);
    assert_eq!(read(&whole).unwrap().licence(), "none");
    for len in (0..400).chain((400..whole.len()).step_by(97)) {
        assert!(read(&whole[..len]).is_err(), "{len}");
    }
    // Other damage may go unnoticed here (the digest finds it), but nothing panics.
    let mut random = Random(3);
    for _ in 0..2000 {
        let mut damaged = whole.clone();
        for _ in 0..=random.next() % 3 {
            let at = random.next() as usize % damaged.len().min(16_000);
            damaged[at] = random.next() as u8;
        }
        let _ = read(&damaged);
    }
}

#[test]
fn a_meta_that_does_not_fit_is_refused() {
    let (meta, data) = tiny();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut meta = meta.clone();
        change(&mut meta);
        read(&content(&meta, &data)).err().unwrap_or_default()
    };
    let cases: [(&str, serde_json::Value, &str); 20] = [
        ("/hidden", 64.into(), "expected"),
        ("/hidden", 0.into(), "hidden is 0"),
        ("/heads", 0.into(), "0 heads"),
        ("/heads", u64::MAX.into(), "heads"),
        ("/heads", 3.into(), "3 heads"),
        ("/ffn", 40.into(), "ffn is 40"),
        ("/positions", 4.into(), "4 positions"),
        ("/arc", 32.into(), "expected"),
        ("/towers", serde_json::json!([]), "no towers"),
        ("/towers/0/layers", 1_000_000_u64.into(), "missing"),
        ("/towers/1/name", "default".into(), "twice"),
        ("/tags/0", "NOUN".into(), "no '|'"),
        ("/tags/0", "WORD|".into(), "part of speech"),
        ("/deprels/0", "dep".into(), "root"),
        ("/deprels/1", "subject".into(), "dependency relation"),
        ("/names/0", "B-ORG".into(), "O is needed"),
        ("/scripts/0", "?".into(), "no script"),
        ("/tensors/1/offset", 1.into(), "begins at"),
        ("/tensors/1/offset", (u64::MAX - 63).into(), "ends after"),
        ("/tensors/1/name", "vocab".into(), "twice"),
    ];
    for (pointer, value, cause) in cases {
        let got = refused(&|meta| *meta.pointer_mut(pointer).unwrap() = value.clone());
        assert!(got.contains(cause), "{pointer} {value}: {got:?}");
    }
    let shape = |meta: &mut serde_json::Value| {
        *meta.pointer_mut("/tensors/4/shape").unwrap() = serde_json::json!([32, 24]);
    };
    assert!(refused(&shape).contains("expected F32 [24, 32]"));
    for n in 0..meta["tensors"].as_array().unwrap().len() {
        let removed = refused(&|meta| {
            meta["tensors"].as_array_mut().unwrap().remove(n);
        });
        assert!(removed.contains("missing"), "{n}: {removed:?}");
    }
}

#[test]
#[ignore = "takes time, and says how much"]
fn speed() {
    let spec = Spec {
        hidden: 384,
        heads: 12,
        ffn: 1536,
        positions: 256,
        arc: 128,
        pieces: 30_522,
        tags: 150,
        scripts: 300,
    };
    let (meta, data) = build(&spec, &[("six", 6), ("three", 3), ("two", 2)]);
    let content: &'static [u8] = content(&meta, &data).leak();
    for kernel in Instructions::ALL.into_iter().filter_map(Kernel::new) {
        let start = Instant::now();
        let model = Neural::read_static(content).unwrap();
        println!(
            "{:?}: read in {:.1} ms",
            kernel.instructions(),
            start.elapsed().as_secs_f64() * 1e3
        );
        // 78 words of 98 pieces: every fourth has two.
        let forms: Vec<String> = (0..78)
            .map(|n| format!("w{}{}", 100 + n * 37, if n % 4 == 1 { "s" } else { "" }))
            .collect();
        let mut buffer = String::new();
        let runs = if kernel.instructions() == Instructions::Portable { 3 } else { 100 };
        for name in ["six", "three", "two"] {
            let tower = tower(&model, name);
            let (mut scratch, mut heads) = (Scratch::default(), HeadScratch::default());
            let (mut encode, mut decode, mut input) = (f64::MAX, f64::MAX, f64::MAX);
            let mut rows = Vec::new();
            for _ in 0..runs {
                rows.clear();
                let start = Instant::now();
                let words: Vec<WordInput> =
                    forms.iter().map(|form| model.word(form, Gap::Blank, &mut buffer)).collect();
                input = input.min(start.elapsed().as_secs_f64());
                let start = Instant::now();
                model.encode(kernel, tower, &words, &mut scratch, &mut rows);
                encode = encode.min(start.elapsed().as_secs_f64());
                let start = Instant::now();
                for sentence in rows.chunks(26 * model.width()) {
                    assert!(!model.tree(kernel, tower, sentence, &mut heads).is_empty());
                    model.names(sentence, &mut heads);
                    for row in sentence.chunks(model.width()) {
                        let (_, tag) = model.tag(row);
                        model.lemma(row, "Words", tag.upos, |_| true);
                    }
                }
                decode = decode.min(start.elapsed().as_secs_f64());
            }
            println!(
                "  {name}: input {:.0} us, encode {:.0} us, decode {:.0} us: {:.0} words/s",
                input * 1e6,
                encode * 1e6,
                decode * 1e6,
                78.0 / (input + encode + decode)
            );
        }
    }
}
