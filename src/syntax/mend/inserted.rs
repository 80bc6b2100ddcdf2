//! "…, the ministry said." and "…, the ministry said, …": news puts the source behind or into what
//! it says, and parsers read such sentences wrongly more often than any other. The pattern is plain
//! enough to be seen without a tree: a comma, a short noun phrase, a verb of saying, and then the
//! end, a time or another comma. Where the tree says otherwise it is put right.

use std::ops::Range;

use super::{Mend, MendContext};
use crate::document::{Deprel, Sentence, TokenId, Upos};
use crate::resource::lexicon::{Lexicon, Stance};

#[cfg(test)]
use super::MendExample;

pub(super) const MEND: Mend = Mend {
    name: "inserted-speech",
    reason: "News puts the source behind or into what it says, and parsers read such sentences wrongly more often than any other.",
    apply,
    #[cfg(test)]
    examples: &[
        MendExample {
            before: "The/DET/2/det envoy/NOUN/8/obj will/AUX/4/aux leave/VERB/8/ccomp ,/PUNCT/4/punct the/DET/7/det palace/NOUN/8/nsubj said=say/VERB/0/root ./PUNCT/8/punct",
            after: "envoy/4/nsubj leave/0/root said/4/parataxis ./4/punct",
        },
        MendExample {
            before: "The/DET/2/det envoy/NOUN/3/nsubj said=say/VERB/0/root that/SCONJ/6/mark he/PRON/6/nsubj left=leave/VERB/3/ccomp ./PUNCT/3/punct",
            after: "",
        },
    ],
};

/// Longest noun phrase of a speaker, and longest circumstance behind the verb, in tokens.
const LONGEST: usize = 14;

/// Hangs inserted speech clauses where they belong.
fn apply(sentence: &mut Sentence, &MendContext { text, lexicon }: &MendContext) {
    let found =
        (2..sentence.tokens.len()).find_map(|verb| Insertion::at(sentence, text, lexicon, verb));
    match found {
        Some(insertion) if !insertion.is_seen(sentence) => insertion.hang(sentence),
        Some(_) => {}
        None => uncross(sentence, lexicon),
    }
}

/// "…," she said *as she left*: what begins right behind a verb of saying belongs to it, not to the
/// content before it.
fn uncross(sentence: &mut Sentence, lexicon: &Lexicon) {
    for branch in 2..sentence.tokens.len() {
        let tokens = &sentence.tokens;
        let Some(above) = tokens[branch].head.map(|head| head.index()) else { continue };
        let hangs = matches!(tokens[branch].deprel, Deprel::Advcl | Deprel::Obl);
        if !hangs || above >= branch || tokens[above].deprel != Deprel::Ccomp {
            continue;
        }
        // The first word of the branch.
        let first =
            (above + 1..=branch).find(|&index| sentence.is_below(index, branch)).unwrap_or(branch);
        let verb = first - 1;
        let says = matches!(lexicon.stance(&tokens[verb].lemma), Some(Stance::Said));
        let holds_content = tokens[above].head == Some(TokenId::from(verb));
        if above < verb && tokens[verb].upos == Upos::Verb && says && holds_content {
            sentence.tokens[branch].head = Some(TokenId::from(verb));
        }
    }
}

/// Where the speaker, the verb and the content stand.
struct Insertion {
    speaker: Range<usize>,
    verb: usize,
    /// Behind the verb, before the end or the second comma.
    circumstance: Range<usize>,
}

impl Insertion {
    fn at(sentence: &Sentence, text: &str, lexicon: &Lexicon, verb: usize) -> Option<Self> {
        let tokens = &sentence.tokens;
        let form = |index: usize| tokens[index].span.of(text);
        let finite = tokens[verb].feat("VerbForm") != Some("Inf")
            && tokens[verb].feat("VerbForm") != Some("Ger");
        let says =
            matches!(lexicon.stance(&tokens[verb].lemma), Some(Stance::Said | Stance::Believed));
        if tokens[verb].upos != Upos::Verb || !finite || !says {
            return None;
        }
        let is_clausal = |upos: Upos| matches!(upos, Upos::Verb | Upos::Aux);
        // Leftwards to the comma, over a noun phrase.
        let mut comma = verb;
        loop {
            comma = comma.checked_sub(1)?;
            if matches!(form(comma), "," | "\"" | "”") {
                break;
            }
            let word = &tokens[comma];
            if verb - comma > LONGEST || is_clausal(word.upos) || word.upos == Upos::Sconj {
                return None;
            }
        }
        let speaker = comma + 1..verb;
        let first = tokens.get(speaker.start)?;
        let relative =
            first.upos == Upos::Pron && matches!(&*first.lemma, "who" | "which" | "that" | "what");
        let nominal = speaker
            .clone()
            .any(|index| matches!(tokens[index].upos, Upos::Noun | Upos::Propn | Upos::Pron));
        if speaker.is_empty()
            || relative
            || !nominal
            || matches!(first.upos, Upos::Adp | Upos::Cconj | Upos::Adv)
        {
            return None;
        }
        // Rightwards to the end or the next comma, over a time or "in a statement".
        let mut end = verb + 1;
        while end < tokens.len() && tokens[end].upos != Upos::Punct {
            let word = &tokens[end];
            if end - verb > LONGEST
                || is_clausal(word.upos)
                || matches!(word.upos, Upos::Sconj | Upos::Pron | Upos::Part)
            {
                return None;
            }
            end += 1;
        }
        let direct = tokens.get(verb + 1).is_some_and(|next| {
            matches!(next.upos, Upos::Det | Upos::Noun | Upos::Adj | Upos::Num)
                && next.deprel != Deprel::OblUnmarked
        });
        let last = end >= tokens.len() || matches!(form(end), "." | "!" | "?" | ")");
        let more = end < tokens.len() && form(end) == ",";
        let closes = end + 2 >= tokens.len();
        let content =
            (0..comma).chain(end..tokens.len()).any(|index| is_clausal(tokens[index].upos));
        // Before a second comma the verb must not take what follows ("..., he said, adding that").
        let told = (0..comma).any(|index| is_clausal(tokens[index].upos));
        // "Speaking in Oslo, the minister said, it would close": a participle is no content.
        let only_participles = told
            && (0..comma).all(|index| {
                !is_clausal(tokens[index].upos)
                    || matches!(tokens[index].feat("VerbForm"), Some("Ger" | "Part"))
            });
        let more = more && !only_participles;
        if direct || !content || !(last && closes && told || more) {
            return None;
        }
        Some(Self { speaker, verb, circumstance: verb + 1..end })
    }

    fn is_inside(&self, token: usize) -> bool {
        (self.speaker.start..self.circumstance.end).contains(&token)
    }

    /// True if the tree has the speaker as subject and the rest as content already.
    fn is_seen(&self, sentence: &Sentence) -> bool {
        let tokens = &sentence.tokens;
        let subject = self.speaker.clone().any(|index| {
            tokens[index].deprel == Deprel::Nsubj
                && tokens[index].head == Some(TokenId::from(self.verb))
        });
        let hangs = match tokens[self.verb].head {
            Some(head) => {
                tokens[self.verb].deprel == Deprel::Parataxis && !self.is_inside(head.index())
            }
            None => (0..tokens.len()).any(|index| {
                tokens[index].head == Some(TokenId::from(self.verb))
                    && tokens[index].deprel == Deprel::Ccomp
                    && !self.is_inside(index)
            }),
        };
        let strangers = self
            .speaker
            .clone()
            .any(|index| tokens[index].head.is_none_or(|head| !self.is_inside(head.index())));
        // "…, he said, for talks": what follows belongs to the content, not to the saying.
        let borrowed = (0..tokens.len()).any(|index| {
            tokens[index].head == Some(TokenId::from(self.verb))
                && !self.is_inside(index)
                && !matches!(tokens[index].deprel, Deprel::Ccomp | Deprel::Punct)
        });
        subject && hangs && !strangers && !borrowed
    }

    fn hang(&self, sentence: &mut Sentence) {
        let tokens = &mut sentence.tokens;
        let outside: Vec<usize> =
            (0..tokens.len()).filter(|&index| !self.is_inside(index)).collect();
        let loose: Vec<usize> = outside
            .iter()
            .copied()
            .filter(|&index| tokens[index].head.is_none_or(|head| self.is_inside(head.index())))
            .collect();
        let rank = |index: usize| match tokens[index].upos {
            Upos::Verb => 0,
            Upos::Aux => 1,
            Upos::Punct => 3,
            _ => 2,
        };
        let Some(root) = loose.iter().copied().min_by_key(|&index| (rank(index), index)) else {
            return;
        };
        let marked: Vec<TokenId> = tokens
            .iter()
            .filter(|token| token.deprel == Deprel::Mark)
            .filter_map(|token| token.head)
            .collect();
        let below_root = |deprels: &[Deprel]| {
            let root = Some(TokenId::from(root));
            outside.iter().any(|&t| tokens[t].head == root && deprels.contains(&tokens[t].deprel))
        };
        // "The *envoy* will leave, the palace said": an object before a verb that lacks a subject is it.
        let subject = if below_root(&[Deprel::Nsubj, Deprel::NsubjPass, Deprel::Csubj]) {
            None
        } else if below_root(&[Deprel::AuxPass]) {
            Some(Deprel::NsubjPass)
        } else {
            Some(Deprel::Nsubj)
        };
        for index in loose {
            if index == root {
                tokens[index].head = None;
                tokens[index].deprel = Deprel::Root;
            } else {
                tokens[index].head = Some(TokenId::from(root));
                // ", as talks went on" is a circumstance, whatever it hung on.
                let marked = marked.contains(&TokenId::from(index));
                match tokens[index].deprel {
                    Deprel::Root | Deprel::Ccomp if marked => tokens[index].deprel = Deprel::Advcl,
                    Deprel::Root | Deprel::Ccomp => tokens[index].deprel = Deprel::Dep,
                    old @ (Deprel::Obj | Deprel::Iobj) if index < root => {
                        tokens[index].deprel = subject.unwrap_or(old);
                    }
                    _ => {}
                }
            }
        }
        tokens[self.verb].head = Some(TokenId::from(root));
        tokens[self.verb].deprel = Deprel::Parataxis;
        self.hang_speaker(sentence);
        let tokens = &mut sentence.tokens;
        for index in self.circumstance.clone() {
            if tokens[index].head.is_none_or(|head| !self.circumstance.contains(&head.index())) {
                tokens[index].head = Some(TokenId::from(self.verb));
                if matches!(
                    tokens[index].deprel,
                    Deprel::Root | Deprel::Nsubj | Deprel::Obj | Deprel::Conj
                ) {
                    tokens[index].deprel = Deprel::Obl;
                }
            }
        }
    }

    /// Makes the noun phrase one subject; "A and B said" has two coordinated ones.
    fn hang_speaker(&self, sentence: &mut Sentence) {
        let tokens = &mut sentence.tokens;
        let nominal = |upos: Upos| {
            matches!(upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::X)
        };
        let tops: Vec<usize> = self
            .speaker
            .clone()
            .filter(|&index| {
                tokens[index].head.is_none_or(|head| !self.speaker.contains(&head.index()))
            })
            .collect();
        let heads: Vec<usize> =
            tops.iter().copied().filter(|&index| nominal(tokens[index].upos)).collect();
        let conjunction = self.speaker.clone().find(|&index| tokens[index].upos == Upos::Cconj);
        let subject = match (conjunction, heads.first(), heads.last()) {
            (Some(_), Some(&first), _) => first,
            (None, _, Some(&last)) => last,
            _ => self.speaker.end - 1,
        };
        for index in tops {
            if index == subject {
                tokens[index].head = Some(TokenId::from(self.verb));
                tokens[index].deprel = Deprel::Nsubj;
                continue;
            }
            tokens[index].head = Some(TokenId::from(subject));
            tokens[index].deprel = match (tokens[index].upos, conjunction) {
                (Upos::Cconj, _) => Deprel::Cc,
                (Upos::Punct, _) => Deprel::Punct,
                (upos, Some(at)) if nominal(upos) && index > at => Deprel::Conj,
                (Upos::Det, _) => Deprel::Det,
                (upos, None) if nominal(upos) && index < subject => Deprel::Compound,
                (upos, _) if nominal(upos) => Deprel::Flat,
                _ => Deprel::Dep,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resources;
    use crate::testing::page;

    #[test]
    fn what_stands_before_the_content_is_its_subject_whatever_the_parser_took_it_for() {
        let lexicon =
            Lexicon::load(&Resources::embedded(), &Resources::embedded().ontology().unwrap())
                .unwrap();
        let subject = |deprel: &str, passive: &str| {
            let line = format!(
                "The/DET/2/det envoy/NOUN/9/{deprel} will/AUX/5/aux {passive} leave/VERB/9/ccomp ,/PUNCT/5/punct \
                 the/DET/8/det palace/NOUN/9/nsubj said=say/VERB/0/root ./PUNCT/9/punct"
            );
            let (document, mut sentences) = page(&[&line]);
            apply(&mut sentences[0], &MendContext { text: &document.text, lexicon: &lexicon });
            let envoy = &sentences[0].tokens[1];
            (envoy.head.map(TokenId::index), envoy.deprel)
        };
        for deprel in ["obj", "iobj"] {
            assert_eq!(subject(deprel, "soon/ADV/5/advmod"), (Some(4), Deprel::Nsubj));
            assert_eq!(subject(deprel, "be/AUX/5/aux:pass"), (Some(4), Deprel::NsubjPass));
        }
    }
}
