//! Polarity, factuality and source of each clause.
//!
//! Factuality follows FactBank (Saurí and Pustejovsky 2009) in a coarse form: the mood of the clause
//! itself wins over what stands above it; a plain clause under a source is claimed. Triggers are in
//! `rules/lexicon/factuality.tsv` and `speech.tsv`; the walk over the tree is here.

use crate::document::{Deprel, MentionId, Upos};
use crate::resource::lexicon::{Effect, Lexicon, PartOfSpeech, Stance};
use crate::statement::{Factuality, Polarity};

use super::clause::{Clause, ClauseId, Clauses, Link, outer_subject};
use crate::syntax::Tree;
use crate::syntax::phrase::NounPhrase;

/// How the text stands to one clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mood {
    pub(crate) factuality: Factuality,
    pub(crate) polarity: Polarity,
    /// Who says so, nearest first.
    pub(crate) sources: Vec<MentionId>,
    /// True if the source shows rather than says: its content stands as fact.
    pub(crate) shown: bool,
}

impl Mood {
    /// What a statement carries: plain content of a source is its claim.
    pub(crate) fn outward(&self) -> Factuality {
        match (self.factuality, self.sources.is_empty()) {
            (Factuality::Asserted, false) if !self.shown => Factuality::Claimed,
            (factuality, _) => factuality,
        }
    }
}

/// A sentence whose moods are read.
pub(crate) struct Scene<'a> {
    pub(crate) tree: &'a Tree<'a>,
    pub(crate) clauses: &'a Clauses,
    pub(crate) lexicon: &'a Lexicon,
    /// The mention of a token.
    pub(crate) mention: &'a dyn Fn(usize) -> Option<MentionId>,
    /// True for nouns that tell a happening: "his visit shows" has no source.
    pub(crate) is_happening: &'a dyn Fn(usize) -> bool,
    /// Sources of the whole sentence: a quotation that goes on.
    pub(crate) outside: &'a [MentionId],
    /// True for tokens inside quotation marks.
    pub(crate) quoted: &'a [bool],
    /// Who speaks in the quotation that a token stands in.
    pub(crate) voice: &'a dyn Fn(usize) -> Option<MentionId>,
}

/// The moods of all clauses.
pub(crate) fn moods(scene: &Scene) -> Vec<Mood> {
    let Scene { tree, clauses, outside, .. } = *scene;
    let question = tree.len() > 0 && tree.form(tree.len() - 1) == "?";
    let according = according(tree);
    let mut moods: Vec<Mood> = Vec::with_capacity(clauses.len());
    for (index, clause) in clauses.ids().zip(clauses.iter()) {
        let mut mood = match clause.parent {
            Some(parent) => {
                let mut mood = below(scene, clause, parent, &moods[parent.index()]);
                if is_aside(scene, clause, parent) {
                    // ", who visited in July," is added by the text, not by its source.
                    mood.sources = outside.to_vec();
                }
                mood
            }
            None => Mood {
                factuality: if question { Factuality::Hypothetical } else { Factuality::Asserted },
                polarity: Polarity::Positive,
                sources: outside.to_vec(),
                shown: false,
            },
        };
        own_mood(tree, clause, clauses, scene.lexicon, &mut mood);
        if let Some(noun) = outer_subject(tree, clause.head) {
            // "The claim was that she had left"
            content_of_noun(&mut mood, scene, clause, noun);
        }
        // "Will she leave?"
        if question && clause.parent.is_none() && mood.factuality != Factuality::Denied {
            mood.factuality = Factuality::Hypothetical;
        }
        let mut sources = inserted_sources(scene, index, &according);
        if !sources.is_empty() {
            sources.extend(
                mood.sources.iter().filter(|s| !sources.contains(s)).copied().collect::<Vec<_>>(),
            );
            mood.sources = sources;
        }
        // `Mara Voss: "It is over."`: no verb of saying governs the words of somebody who is known.
        if mood.sources.is_empty()
            && let Some(voice) = (scene.voice)(clause.head)
        {
            mood.sources.push(voice);
        }
        moods.push(mood);
    }
    moods
}

/// True for what the text puts in about somebody: ", who visited in July,", ", a singer known for it,", and
/// whatever is told of the source itself ("according to a firm *that* sells them").
fn is_aside(scene: &Scene, clause: &Clause, parent: ClauseId) -> bool {
    let Scene { tree, clauses, .. } = *scene;
    if scene.quoted[clause.head] || !matches!(clause.link, Link::Relative | Link::Participle) {
        return false;
    }
    if clause.link == Link::Relative && tree.before(clause.head) == Some(",") {
        return true;
    }
    let above = clauses[parent].head;
    let mut at = tree.head(clause.head);
    while let Some(token) = at.filter(|&token| token != above) {
        let set_off = tree.deprel(token) == Deprel::Appos
            && tree.children(token).any(|child| tree.deprel(child) == Deprel::Punct);
        if set_off || is_according_to(tree, token) {
            return true;
        }
        at = tree.head(token);
    }
    false
}

/// What "too" and "enough" before an infinitive make of it: "too weak *to hold*", "not strong enough *to hold*".
fn degree(
    tree: &Tree,
    clause: &Clause,
    governor: &Clause,
    above: &Mood,
) -> Option<(Factuality, Polarity)> {
    let scaled = tree.head(clause.head)?;
    if !tree.has_to(clause.head) {
        return None;
    }
    let has = |word: &str| {
        let mut words = tree.children(scaled).chain(tree.children(governor.head));
        words.any(|child| {
            child < clause.head
                && matches!(tree.deprel(child), Deprel::Advmod | Deprel::Amod | Deprel::Det)
                && (tree.lemma(child) == word
                    || tree.children(child).any(|inner| tree.lemma(inner) == word))
        })
    };
    if has("too") {
        return Some((above.factuality, above.polarity.turned()));
    }
    has("enough").then_some(match above.polarity {
        Polarity::Positive => (Factuality::Possible, Polarity::Positive),
        negative => (above.factuality, negative),
    })
}

/// What a clause takes over from the one above it.
fn below(scene: &Scene, clause: &Clause, parent: ClauseId, above: &Mood) -> Mood {
    let Scene { tree, clauses, lexicon, .. } = *scene;
    let governor = &clauses[parent];
    let lemma = tree.lemma(governor.head);
    let mut mood = Mood {
        factuality: Factuality::Asserted,
        polarity: Polarity::Positive,
        sources: above.sources.clone(),
        shown: above.shown,
    };
    let beside = speakers_beside(scene, governor, clause);
    mood.sources.retain(|source| !beside.contains(source));
    // "cleared him *of taking it*", "stopped them *from leaving*", "is banned from selling"
    let kept = match clause.link {
        Link::Content | Link::Adverbial => kept_from(tree, clause, governor, lexicon),
        _ => None,
    };
    match clause.link {
        Link::Conj => {
            let shares = clause.shared_subject && !tree.has(clause.head, Deprel::Aux);
            if shares {
                mood.factuality = above.factuality;
            }
        }
        Link::Control | Link::Purpose | Link::Participle
            if let Some((factuality, polarity)) = degree(tree, clause, governor, above) =>
        {
            mood.factuality = factuality;
            mood.polarity = polarity;
        }
        Link::Control => {
            let effect = control_effect(tree, clause, governor, lexicon);
            mood.factuality = match effect.and_then(|effect| effect.factuality) {
                Some(factuality) => weaker(factuality, above.factuality),
                None => above.factuality,
            };
            // "did not want to leave" and "failed to leave" both say that nobody left.
            mood.polarity = above.polarity;
            if let Some(effect) = effect {
                mood.polarity = effect.polarity(mood.polarity);
                if effect.factuality == Some(Factuality::Denied) {
                    add_sources(&mut mood, scene, &governor.subjects);
                }
            }
            // "footage showed them leaving", "were seen leaving in a video"
            if matches!(lexicon.stance(lemma), Some(Stance::Shown | Stance::Known))
                && !tree.has_to(clause.head)
            {
                show(&mut mood, scene, governor);
            }
        }
        Link::Content => {
            let stance = lexicon.stance(lemma);
            let effect = kept.or_else(|| governor_effect(tree, governor, lexicon));
            match stance {
                Some(stance) => {
                    mood.factuality = weaker(stance_factuality(stance), above.factuality);
                    if stance == Stance::Shown {
                        show(&mut mood, scene, governor);
                    } else if stance == Stance::Known {
                        // "She knew that he had left": nobody says so but the text, or whoever tells of her.
                    } else {
                        mood.shown = false;
                        // "does *not* think that it fell" thinks that it did not.
                        if stance == Stance::Believed {
                            mood.polarity = above.polarity;
                        }
                        add_sources(&mut mood, scene, &governor.subjects);
                        // "was accused of hiding it": somebody says so.
                        if governor.passive && governor.subjects.is_empty() {
                            mood.factuality = weaker(mood.factuality, Factuality::Claimed);
                        }
                    }
                }
                None => {
                    mood.factuality = above.factuality;
                    if let Some(factuality) = effect.and_then(|effect| effect.factuality) {
                        mood.factuality = weaker(factuality, above.factuality);
                    }
                    if let Some(effect) = effect {
                        mood.polarity = effect.polarity(mood.polarity);
                    }
                }
            }
        }
        Link::Parataxis if colon_content(tree, clause, governor, lexicon) => {
            add_sources(&mut mood, scene, &governor.subjects);
        }
        // "might stop because rain fell": what a finite past clause gives as reason did happen.
        Link::Adverbial if is_told_past(tree, clause) => {
            // "footage showed her leaving *as talks went on*": that they went on is not in the footage.
            if above.shown && is_added(scene, clause) {
                mood.sources = scene.outside.to_vec();
                mood.shown = false;
            }
        }
        Link::Adverbial => {
            mood.factuality = above.factuality;
            // Nobody left or sells; "planned on leaving".
            if let Some(effect) = kept {
                let own = effect.factuality.unwrap_or(above.factuality);
                mood.factuality = weaker(own, above.factuality);
                mood.polarity = effect.polarity(above.polarity);
            }
            if is_below_negated(tree, clause, governor) {
                mood.polarity = above.polarity.turned();
            }
            if is_alleged(tree, clause, governor, lexicon) {
                mood.factuality = weaker(Factuality::Claimed, above.factuality);
            }
        }
        Link::Purpose if is_reached(tree, clause, governor, lexicon) => {
            mood.factuality = above.factuality;
        }
        Link::Purpose => mood.factuality = weaker(Factuality::Planned, above.factuality),
        Link::Participle => {
            let noun = tree.head(clause.head);
            let infinitive = tree.has_to(clause.head)
                || tree.is_infinitive(clause.head) && !tree.has(clause.head, Deprel::Aux);
            if infinitive && noun.is_some_and(|noun| tree.lemma(noun) == "nothing") {
                // "has nothing *to do* with it"
                mood.factuality = above.factuality;
                mood.polarity = Polarity::Negative;
            } else if infinitive && noun.is_some_and(|noun| is_one_of_a_row(tree, noun)) {
                // "is the first *to visit*"
                mood.factuality = above.factuality;
                mood.polarity = above.polarity;
            } else if infinitive {
                let effect =
                    noun.and_then(|noun| lexicon.effect(tree.lemma(noun), PartOfSpeech::Noun));
                mood.factuality = effect.and_then(|e| e.factuality).unwrap_or(Factuality::Planned);
                mood.polarity = effect.map_or(mood.polarity, |e| e.polarity(mood.polarity));
            } else if let Some(noun) = noun {
                if is_existential(tree, noun) {
                    // "there are no houses left": what is not there is not left.
                    mood.factuality = above.factuality;
                    mood.polarity = above.polarity;
                }
                if is_content_of_noun(tree, clause) {
                    content_of_noun(&mut mood, scene, governor, noun);
                } else if governor.objects.contains(&noun)
                    && lexicon.stance(lemma) == Some(Stance::Shown)
                    && !clause.passive
                {
                    show(&mut mood, scene, governor); // "a video showed him *leaving*"
                }
            }
        }
        // "concern *the bridge might fall*": nothing is left open, so it is what the noun says.
        Link::Relative if !clause.shared_subject => {
            let noun = tree.head(clause.head);
            let obliques = clause.obliques.iter().map(|oblique| oblique.token);
            let mut slots = clause.surface.iter().chain(&clause.objects).copied().chain(obliques);
            if let Some(noun) = noun
                && !slots.any(|slot| slot == noun)
            {
                content_of_noun(&mut mood, scene, governor, noun);
            }
        }
        Link::Relative | Link::Parataxis | Link::Root => {}
    }
    mood
}

/// The inserted speakers who do not vouch for a clause: the clause that names them, and a
/// circumstance that the text adds behind it ("..., the ministry said, *as talks went on*").
fn speakers_beside(scene: &Scene, content: &Clause, clause: &Clause) -> Vec<MentionId> {
    let Scene { tree, clauses, lexicon, mention, .. } = *scene;
    let names = |speech: &Clause| speech.subjects.iter().filter_map(|&t| mention(t)).collect();
    if is_inserted_speech(tree, content, clause, lexicon) {
        return names(clause);
    }
    if !is_added(scene, clause) {
        return Vec::new();
    }
    // The same where the verb of saying governs what stands before it.
    if content.link == Link::Content
        && let Some(governor) = content.parent
        && let speech = &clauses[governor]
        && content.head < speech.head
        && speech.head < clause.head
    {
        return names(speech);
    }
    let speech = clauses.iter().find(|speech| {
        content.head < speech.head
            && speech.head < clause.head
            && tree.head(speech.head) == Some(content.head)
            && is_inserted_speech(tree, content, speech, lexicon)
    });
    speech.map_or_else(Vec::new, names)
}

/// "as talks went on": a circumstance in time with a subject of its own, outside quotation marks.
fn is_added(scene: &Scene, clause: &Clause) -> bool {
    let Scene { tree, .. } = *scene;
    clause.link == Link::Adverbial
        && !clause.shared_subject
        && !scene.quoted[clause.head]
        && tree.children(clause.head).any(|child| {
            tree.deprel(child) == Deprel::Mark
                && matches!(tree.lemma(child), "as" | "while" | "when" | "after" | "before")
        })
}

/// What is seen or shown stands as fact; its source is a medium ("footage showed", "was seen in a
/// video"), not the happening that shows it.
fn show(mood: &mut Mood, scene: &Scene, governor: &Clause) {
    mood.shown = true;
    let Scene { tree, lexicon, .. } = *scene;
    let known = lexicon.stance(tree.lemma(governor.head)) == Some(Stance::Known);
    let media: Vec<usize> = if governor.subjects.is_empty() || known {
        let within = governor.obliques.iter().filter(|oblique| {
            matches!(&*oblique.case, "in" | "on")
                && lexicon.stance(tree.lemma(oblique.token)) == Some(Stance::Shown)
        });
        within.map(|oblique| oblique.token).collect()
    } else {
        let subjects = governor.subjects.iter().copied();
        subjects.filter(|&subject| !(scene.is_happening)(subject)).collect()
    };
    add_sources(mood, scene, &media);
}

/// "concern *that it would close*", "the belief *he had left*"
fn is_content_of_noun(tree: &Tree, clause: &Clause) -> bool {
    let own_subject = !clause.shared_subject && !clause.surface.is_empty();
    own_subject || tree.children(clause.head).any(|child| tree.deprel(child) == Deprel::Mark)
}

/// What a noun like "concern" or "claim" does to its content, and whose it is: "Western concern
/// that", "the mayor's claim that", "they expressed concern that".
fn content_of_noun(mood: &mut Mood, scene: &Scene, governor: &Clause, noun: usize) {
    let Scene { tree, lexicon, .. } = *scene;
    let lemma = tree.lemma(noun);
    let effect = lexicon.effect(lemma, PartOfSpeech::Noun);
    if let Some(factuality) = effect.and_then(|effect| effect.factuality) {
        mood.factuality = factuality;
    }
    if lexicon.stance(lemma).is_none() && effect.is_none() {
        return;
    }
    // "*reports* that she left are false"
    if governor.subjects.contains(&noun)
        && let Some(verdict) = governor_effect(tree, governor, lexicon)
    {
        mood.factuality = weaker(verdict.factuality.unwrap_or(mood.factuality), mood.factuality);
        mood.polarity = verdict.polarity(mood.polarity);
    }
    // "denied a report that": what the report says is denied.
    let denied = lexicon.stance(tree.lemma(governor.head)) == Some(Stance::Denied)
        && governor.objects.contains(&noun);
    if denied {
        mood.factuality = Factuality::Denied;
        return add_sources(mood, scene, &governor.subjects);
    }
    let owner = NounPhrase::new(tree, noun).possessor().or_else(|| {
        tree.children(noun).find(|&child| {
            matches!(tree.deprel(child), Deprel::Amod | Deprel::Compound)
                && (scene.mention)(child).is_some()
        })
    });
    match owner {
        Some(owner) => add_sources(mood, scene, &tree.conjuncts(owner)),
        None if governor.objects.contains(&noun) => {
            add_sources(mood, scene, &governor.subjects);
        }
        None => {}
    }
}

/// "the *first* leader to visit", "the *youngest* to win", "one of *five* players to score": an infinitive behind it tells
/// what was done.
fn is_one_of_a_row(tree: &Tree, noun: usize) -> bool {
    let in_a_row = |child: usize| {
        let token = tree.token(child);
        token.feat("NumType") == Some("Ord")
            || token.feat("Degree") == Some("Sup")
            || matches!(tree.lemma(child), "only" | "last")
    };
    let is_counted = |noun: usize| {
        tree.case(noun) == "of"
            && tree.has(noun, Deprel::Nummod)
            && tree.head(noun).is_some_and(|one| tree.lemma(one) == "one")
    };
    let counted = is_counted(noun) || tree.children(noun).any(is_counted);
    let ahead = tree.children(noun).any(|child| tree.lemma(child) == "next");
    !ahead && (counted || in_a_row(noun) || tree.children(noun).any(in_a_row))
}

/// True for a subordinate clause with a conjunction and a past tense of its own.
fn is_told_past(tree: &Tree, clause: &Clause) -> bool {
    let past = |token: usize| tree.is_finite_past(token);
    let helped = tree.children(clause.head).any(|child| {
        matches!(tree.deprel(child), Deprel::Aux | Deprel::AuxPass | Deprel::Cop) && past(child)
    });
    tree.has(clause.head, Deprel::Mark) && (past(clause.head) || helped)
}

/// "He said: it is over."
fn colon_content(tree: &Tree, clause: &Clause, governor: &Clause, lexicon: &Lexicon) -> bool {
    clause.head > governor.head
        && lexicon.is_speech_verb(tree.lemma(governor.head))
        && lexicon.stance(tree.lemma(clause.head)).is_none()
}

fn stance_factuality(stance: Stance) -> Factuality {
    match stance {
        Stance::Said | Stance::Shown | Stance::Known | Stance::Warned => Factuality::Asserted,
        Stance::Denied => Factuality::Denied,
        Stance::Urged => Factuality::Hypothetical,
        Stance::Believed => Factuality::Possible,
    }
}

fn add_sources(mood: &mut Mood, scene: &Scene, tokens: &[usize]) {
    let mut sources: Vec<MentionId> =
        tokens.iter().filter_map(|&token| (scene.mention)(token)).collect();
    sources.retain(|source| !mood.sources.contains(source));
    sources.append(&mut mood.sources);
    mood.sources = sources;
}

/// "is to visit", "said it would visit"
const PLANNED: Effect = Effect { factuality: Some(Factuality::Planned), negative: false };

/// "did *not* leave"
const NEGATED: Effect = Effect { factuality: None, negative: true };

/// "did *not only* leave": what the word behind a negation makes of both.
fn restricted(tree: &Tree, negation: usize, lexicon: &Lexicon) -> Option<Effect> {
    let next = negation + 1;
    let beside = next < tree.len() && tree.deprel(next) == Deprel::Advmod;
    let phrase = || format!("{} {}", tree.lemma(negation), tree.lemma(next));
    beside.then(|| lexicon.effect(&phrase(), PartOfSpeech::Adv)).flatten()
}

/// What governs an infinitive: the verb, or the adjective behind it ("became *unable* to walk").
fn control_effect(
    tree: &Tree,
    clause: &Clause,
    governor: &Clause,
    lexicon: &Lexicon,
) -> Option<Effect> {
    if let Some(adjective) = controlling_adjective(tree, clause, governor) {
        return lexicon.effect(tree.lemma(adjective), PartOfSpeech::Adj);
    }
    // "was able to leave": what somebody could do then was done.
    let past = governor.copula.filter(|&copula| tree.is_finite_past(copula));
    if let Some(effect) = past.and_then(|_| {
        lexicon.effect(&format!("was {}", tree.lemma(governor.head)), PartOfSpeech::Adj)
    }) {
        return Some(effect);
    }
    if has_to(tree, clause, governor) {
        // What somebody had to do was done.
        let ahead = !tree.is_finite_past(governor.head);
        return ahead.then(|| lexicon.effect("have to", PartOfSpeech::Aux)).flatten();
    }
    governor_effect(tree, governor, lexicon)
}

/// "was charged with *stealing* it", "arrested for *stealing* it": somebody says so.
fn is_alleged(tree: &Tree, clause: &Clause, governor: &Clause, lexicon: &Lexicon) -> bool {
    let introduced = || {
        let mut words = tree.introductions(clause.head);
        words.any(|word| matches!(tree.lemma(word), "with" | "for" | "over"))
    };
    let possible = |effect: Option<Effect>| {
        effect.is_some_and(|effect| effect.factuality == Some(Factuality::Possible))
    };
    let verb = possible(lexicon.effect(tree.lemma(governor.head), PartOfSpeech::Verb));
    // "drew criticism for *hiding* it", "faces charges for *hiding* it"
    let noun = || {
        let mut nouns = governor.objects.iter().map(|&object| tree.lemma(object));
        nouns.any(|lemma| possible(lexicon.effect(lemma, PartOfSpeech::Noun)))
    };
    (verb || noun()) && clause.shared_subject && introduced()
}

/// What a verb or adjective does to a gerund behind it: "barred from *bidding*", "keeps them from *bidding*",
/// "cleared him of *bidding*", "ruled out *bidding*", "planned on *bidding*".
fn kept_from(tree: &Tree, clause: &Clause, governor: &Clause, lexicon: &Lexicon) -> Option<Effect> {
    if clause.head < governor.head {
        return None;
    }
    let negative = |effect: Option<Effect>| effect.filter(|effect| effect.negative);
    let lemma = tree.lemma(governor.head);
    let Some(word) = tree.introductions(clause.head).next() else {
        let beside = governor.particle.unwrap_or(governor.head) + 1 == clause.head;
        let bare = beside && tree.form(clause.head).ends_with("ing");
        return negative(governor_effect(tree, governor, lexicon)).filter(|_| bare);
    };
    let phrase = format!("{lemma} {}", tree.lemma(word));
    let own = lexicon.effect(&phrase, PartOfSpeech::Verb);
    match tree.lemma(word) {
        "from" => negative(own.or_else(|| governor_effect(tree, governor, lexicon))),
        _ => own,
    }
}

/// "used a rope *to climb out*", "came, *only to find* it closed": what the main clause tells was done to that end
/// was reached.
fn is_reached(tree: &Tree, clause: &Clause, governor: &Clause, lexicon: &Lexicon) -> bool {
    let only = |child: usize| {
        tree.deprel(child) == Deprel::Advmod && child < clause.head && tree.lemma(child) == "only"
    };
    let mut verb = tree.lemma(governor.head).to_owned();
    if let Some(particle) = governor.particle {
        verb = format!("{verb} {}", tree.lemma(particle));
    }
    let told = lexicon.effect(&format!("{verb} to"), PartOfSpeech::Verb);
    tree.children(clause.head).any(only)
        || told.is_some_and(|effect| effect.factuality.is_none() && !effect.negative)
}

/// "pleaded not guilty to *stealing* it", "was not able to *find* it": what hangs on an adjective that is
/// negated did not happen.
fn is_below_negated(tree: &Tree, clause: &Clause, governor: &Clause) -> bool {
    tree.head(clause.head).is_some_and(|above| {
        above != governor.head
            && tree.upos(above) == Upos::Adj
            && tree.deprel(above) == Deprel::Xcomp
            && tree.children(above).any(|child| tree.is_negation(child))
    })
}

/// "became *unable* to walk", "feels *free* to go": the adjective that an infinitive hangs on.
pub(crate) fn controlling_adjective(
    tree: &Tree,
    clause: &Clause,
    governor: &Clause,
) -> Option<usize> {
    governor.complement.filter(|&complement| {
        tree.upos(complement) == Upos::Adj && tree.head(clause.head) == Some(complement)
    })
}

/// "has *to sell*"
pub(crate) fn has_to(tree: &Tree, clause: &Clause, governor: &Clause) -> bool {
    tree.lemma(governor.head) == "have" && governor.objects.is_empty() && tree.has_to(clause.head)
}

/// "there are *houses*"
fn is_existential(tree: &Tree, noun: usize) -> bool {
    tree.deprel(noun) == Deprel::Nsubj
        && tree.head(noun).is_some_and(|be| {
            tree.lemma(be) == "be" && tree.child(be, Deprel::Expl).is_some_and(|there| there < be)
        })
}

/// "I'm afraid *it is over*", "we are sure *it is*": a way of saying so.
pub(crate) fn is_own_assurance(tree: &Tree, governor: &Clause) -> bool {
    let first_person =
        |&token: &usize| matches!(tree.lemma(token).to_lowercase().as_str(), "i" | "we");
    governor.copula.is_some()
        && tree.upos(governor.head) == Upos::Adj
        && tree.has(governor.head, Deprel::Ccomp)
        && !governor.surface.is_empty()
        && governor.surface.iter().all(first_person)
        && !tree.children(governor.head).any(|child| tree.is_negation(child))
}

/// What the governing predicate does to its complement clause.
fn governor_effect(tree: &Tree, governor: &Clause, lexicon: &Lexicon) -> Option<Effect> {
    if is_own_assurance(tree, governor) {
        return None;
    }
    let pos = match tree.upos(governor.head) {
        Upos::Verb => PartOfSpeech::Verb,
        Upos::Adj => PartOfSpeech::Adj,
        Upos::Noun => PartOfSpeech::Noun,
        Upos::Aux => {
            // "is to visit"
            return Some(PLANNED);
        }
        _ => return None,
    };
    let lemma = tree.lemma(governor.head);
    // "make sure that", "end up", "rule out"
    let complement = governor.complement.filter(|&c| tree.upos(c) == Upos::Adj);
    let mut beside = complement.into_iter().chain(governor.particle);
    if let Some(effect) =
        beside.find_map(|word| lexicon.effect(&format!("{lemma} {}", tree.lemma(word)), pos))
    {
        return Some(effect);
    }
    if lemma == "go" && tree.form(governor.head).eq_ignore_ascii_case("going") {
        return lexicon.effect("going to", PartOfSpeech::Aux);
    }
    lexicon.effect(lemma, pos).or_else(|| {
        // Participles tagged as adjectives ("is expected to") and the other way round.
        let form = tree.form(governor.head).to_lowercase();
        lexicon
            .effect(&form, PartOfSpeech::Adj)
            .or_else(|| lexicon.effect(lemma, PartOfSpeech::Verb))
            .or_else(|| {
                let stance = lexicon.stance(lemma)?;
                let factuality = match stance {
                    Stance::Said if governor.passive => Factuality::Claimed,
                    Stance::Said | Stance::Shown | Stance::Known => return None,
                    Stance::Warned => Factuality::Hypothetical,
                    other => stance_factuality(other),
                };
                Some(Effect { factuality: Some(factuality), negative: false })
            })
    })
}

/// The less certain of two; the inner one where they do not compare. What is planned in a supposed case is supposed.
fn weaker(inner: Factuality, outer: Factuality) -> Factuality {
    match (inner, outer) {
        (Factuality::Asserted, outer) => outer,
        (Factuality::Planned, Factuality::Hypothetical) => outer,
        (inner, _) => inner,
    }
}

/// "*Had* she left earlier, ...": a condition without a conjunction.
fn is_inverted(tree: &Tree, clause: &Clause) -> bool {
    let first = |deprels: &[Deprel]| {
        tree.children(clause.head).find(|&child| deprels.contains(&tree.deprel(child)))
    };
    let helper = first(&[Deprel::Aux, Deprel::AuxPass, Deprel::Cop]);
    let subject = first(&[Deprel::Nsubj, Deprel::NsubjPass]);
    matches!((helper, subject), (Some(helper), Some(subject)) if helper < subject)
        && clause.link == Link::Adverbial
}

/// Auxiliaries, adverbs, conjunctions and negation of the clause itself.
fn own_mood(tree: &Tree, clause: &Clause, clauses: &Clauses, lexicon: &Lexicon, mood: &mut Mood) {
    if is_inverted(tree, clause) {
        mood.factuality = Factuality::Hypothetical;
    }
    for child in tree.children(clause.head) {
        let lemma = tree.lemma(child);
        let effect = match tree.deprel(child) {
            // "is *no* relative of"
            Deprel::Det if clause.copula.is_some() && tree.is_none(child) => Some(NEGATED),
            Deprel::Aux => {
                let ahead = lemma == "would" && is_backshifted(tree, clause, clauses, lexicon)
                    || lemma == "be" && is_to(tree, clause.head, child);
                if ahead { Some(PLANNED) } else { auxiliary(tree, clause.head, child, lexicon) }
            }
            Deprel::Cop | Deprel::AuxPass if is_to(tree, clause.head, child) => Some(PLANNED),
            Deprel::Advmod | Deprel::Cc => {
                if tree.is_negation(child) || lemma == "never" || lemma == "nor" {
                    Some(restricted(tree, child, lexicon).unwrap_or(NEGATED))
                } else if tree.form(child).eq_ignore_ascii_case("longer")
                    && tree.children(child).any(|c| tree.lemma(c) == "no")
                {
                    lexicon.effect("no longer", PartOfSpeech::Adv)
                } else {
                    lexicon.effect(lemma, PartOfSpeech::Adv)
                }
            }
            Deprel::Mark => {
                // "instead of", "even if"
                let fixed = tree.child(child, Deprel::Fixed);
                let phrase = fixed.map(|fixed| format!("{lemma} {}", tree.lemma(fixed)));
                let whole = phrase.and_then(|phrase| lexicon.effect(&phrase, PartOfSpeech::Mark));
                whole.or_else(|| lexicon.effect(lemma, PartOfSpeech::Mark))
            }
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj => {
                let nobody = matches!(tree.lemma(child), "nobody" | "nothing");
                // "*neither* A nor B left"
                let neither = tree.child(child, Deprel::CcPreconj).filter(|&it| tree.is_none(it));
                (tree.has_none(child) || nobody || tree.is_none(child) || neither.is_some())
                    .then_some(NEGATED)
            }
            _ => None,
        };
        if let Some(effect) = effect {
            mood.factuality = effect.factuality.unwrap_or(mood.factuality);
            mood.polarity = effect.polarity(mood.polarity);
        }
    }
}

/// What an auxiliary does: "*must* leave", "*must* have left", "*must* be the owner".
fn auxiliary(tree: &Tree, verb: usize, helper: usize, lexicon: &Lexicon) -> Option<Effect> {
    let lemma = tree.lemma(helper);
    let next = tree
        .children(verb)
        .find(|&child| child > helper && matches!(tree.deprel(child), Deprel::Aux | Deprel::Cop));
    let both = next.map(|next| format!("{lemma} {}", tree.lemma(next)));
    both.and_then(|both| lexicon.effect(&both, PartOfSpeech::Aux))
        .or_else(|| lexicon.effect(lemma, PartOfSpeech::Aux))
}

/// "*is* to be signed", "*is* due to arrive"
fn is_to(tree: &Tree, verb: usize, be: usize) -> bool {
    tree.upos(verb) == Upos::Verb
        && tree.children(verb).any(|child| {
            child > be
                && tree.deprel(child) == Deprel::Mark
                && (tree.lemma(child) == "to"
                    || tree.children(child).any(|fixed| tree.lemma(fixed) == "to"))
        })
}

/// "said it would close": the future seen from the past, not a condition.
fn is_backshifted(tree: &Tree, clause: &Clause, clauses: &Clauses, lexicon: &Lexicon) -> bool {
    let Some(parent) = clause.parent else { return false };
    let governor = &clauses[parent];
    match clause.link {
        Link::Content => {
            lexicon.stance(tree.lemma(governor.head)) == Some(Stance::Said)
                && tree.token(governor.head).feat("Tense") == Some("Past")
        }
        Link::Conj => is_backshifted(tree, governor, clauses, lexicon),
        _ => false,
    }
}

/// The noun of "according to X".
struct According {
    token: usize,
    /// True behind a comma or at the beginning: it speaks of the whole sentence.
    whole: bool,
}

fn according(tree: &Tree) -> Vec<According> {
    let found = (0..tree.len()).filter(|&token| is_according_to(tree, token));
    found
        .map(|token| {
            let first = tree.children(token).chain([token]).min();
            let whole = first.is_some_and(|first| first == 0 || is_set_off(tree, first));
            According { token, whole }
        })
        .collect()
}

/// Sources that stand inside or beside the clause: "according to X", ", X said,".
fn inserted_sources(scene: &Scene, index: ClauseId, according: &[According]) -> Vec<MentionId> {
    let Scene { tree, clauses, lexicon, mention, .. } = *scene;
    let clause = &clauses[index];
    let mut sources = Vec::new();
    for child in tree.children(clause.head) {
        let speech = clauses.headed(child);
        let inserted = speech.filter(|speech| {
            matches!(
                tree.deprel(child),
                Deprel::Parataxis | Deprel::Advcl | Deprel::Conj | Deprel::Ccomp
            ) && (is_inserted_speech(tree, clause, speech, lexicon)
                || is_fronted_speech(tree, clause, speech, lexicon))
        });
        if let Some(speech) = inserted {
            sources.extend(speech.subjects.iter().filter_map(|&token| mention(token)));
        }
    }
    for named in according {
        let own = clauses.of[named.token] == Some(index);
        let above = named.whole
            && (clause.parent.is_none() || is_above(clauses, index, clauses.of[named.token]));
        if own || above {
            sources.extend(tree.conjuncts(named.token).into_iter().filter_map(mention));
        }
    }
    sources.dedup();
    sources
}

/// True if the clause governs another, at any depth.
fn is_above(clauses: &Clauses, clause: ClauseId, other: Option<ClauseId>) -> bool {
    let mut at = other;
    while let Some(one) = at {
        if one == clause {
            return true;
        }
        at = clauses[one].parent;
    }
    false
}

/// True behind a comma, also one that a quotation mark closes.
fn is_set_off(tree: &Tree, token: usize) -> bool {
    let mut before = (0..token).rev().map(|index| tree.form(index));
    match before.next() {
        Some("\"" | "”" | "''") => before.next() == Some(","),
        other => other == Some(","),
    }
}

/// True for the noun of "according to X".
pub(crate) fn is_according_to(tree: &Tree, token: usize) -> bool {
    tree.children(token).any(|child| {
        matches!(tree.deprel(child), Deprel::Case | Deprel::Mark)
            && tree.lemma(child).starts_with("accord")
    })
}

/// "*As she told the paper*, it is over."
fn is_fronted_speech(tree: &Tree, content: &Clause, speech: &Clause, lexicon: &Lexicon) -> bool {
    speech.head < content.head
        && lexicon.stance(tree.lemma(speech.head)) == Some(Stance::Said)
        && !speech.shared_subject
        && !tree.has(speech.head, Deprel::Ccomp)
        && tree.child(speech.head, Deprel::Mark).is_some_and(|mark| tree.lemma(mark) == "as")
}

/// True for a clause of saying that is put into or behind what is said: it has a subject, but no
/// content of its own.
pub(crate) fn is_inserted_speech(
    tree: &Tree,
    content: &Clause,
    speech: &Clause,
    lexicon: &Lexicon,
) -> bool {
    lexicon.stance(tree.lemma(speech.head)).is_some_and(|stance| stance != Stance::Denied)
        && !speech.subjects.is_empty()
        && !speech.shared_subject
        && speech.link != Link::Relative
        && speech.objects.is_empty()
        && !tree.has(speech.head, Deprel::Ccomp)
        && !tree.has(speech.head, Deprel::Mark)
        && !tree.has(speech.head, Deprel::Cc)
        // ""The work goes on," she said": what stands before another word of saying is said.
        // "The others, the mayor said, will be charged": nor does a passive say anything.
        && (speech.head > content.head
            || content.passive
            || lexicon.stance(tree.lemma(content.head)).is_none())
        && (speech.link == Link::Parataxis
            || speech.head > content.head
                && matches!(tree.before(speech.head), Some("," | "\"" | "”" | "''")))
}
