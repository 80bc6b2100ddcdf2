//! Tree → clauses: who does what to whom, whatever the voice.
//!
//! A clause is a verb, a copula with its complement, or a verbless predicate, with its arguments as
//! tokens. Passive, relative, participial and infinitive clauses, coordination, control and raising
//! are resolved here once, after Universal Dependencies 2, so that rules need no more than subject and
//! object. Event nouns are read in [`super::nominal`].

use crate::document::{Deprel, Upos};
use crate::statement::Factuality;

use crate::syntax::phrase::NounPhrase;
use crate::syntax::{MAX_CONJUNCTS, Tree, is_companion, is_inclusion};

/// How a clause hangs on the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The sentence itself.
    Root,
    /// "toured the site *and left*"
    Conj,
    /// "agreed *to buy*", "is expected *to win*"
    Control,
    /// "said *it would close*"
    Content,
    /// "*after leaving*", "*if it rains*"
    Adverbial,
    /// "left *to meet him*"
    Purpose,
    /// "the man *who left*"
    Relative,
    /// "a bridge *built in May*", "a plan *to leave*"
    Participle,
    /// "It rained, *the radio said*"
    Parataxis,
}

/// A filler with its preposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oblique {
    /// In base form: "in", "because of"; empty for bare ones ("flew *400 miles*").
    pub(crate) case: String,
    /// Head of the noun phrase.
    pub(crate) token: usize,
}

/// A predicate with its arguments, as token numbers.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    /// The verb; of copulas the complement.
    pub(crate) head: usize,
    /// The form of *be* that makes it a copula.
    pub(crate) copula: Option<usize>,
    /// True for a predicate without any verb (headlines, "with talks stalled").
    pub(crate) verbless: bool,
    pub(crate) passive: bool,
    /// "set *up*"
    pub(crate) particle: Option<usize>,
    pub(crate) link: Link,
    /// The clause above.
    pub(crate) parent: Option<ClauseId>,
    /// What stands in subject position; of passives the patient.
    pub(crate) surface: Vec<usize>,
    /// Agents, after the passive is undone.
    pub(crate) subjects: Vec<usize>,
    /// Patients, after the passive is undone.
    pub(crate) objects: Vec<usize>,
    /// Recipients of ditransitives.
    pub(crate) indirect: Vec<usize>,
    pub(crate) obliques: Vec<Oblique>,
    /// Predicative complement of "become", "remain", "name".
    pub(crate) complement: Option<usize>,
    /// True if the subject was taken over from another clause or an antecedent.
    pub(crate) shared_subject: bool,
}

impl Clause {
    /// True if it says what its subject is, not what it does: "X is Y", and "X Y" in headlines.
    pub(crate) fn is_copular(&self) -> bool {
        self.copula.is_some() || self.verbless
    }

    /// The addressee, or who suffers it: "warned *her*", "stopped *the boat*".
    pub(crate) fn addressed(&self) -> &[usize] {
        if self.indirect.is_empty() { &self.objects } else { &self.indirect }
    }
}

/// All clauses of a sentence, governing ones first, and the clause of each token.
pub(crate) struct Clauses {
    all: Vec<Clause>,
    /// For each token the innermost clause it belongs to.
    pub(crate) of: Vec<Option<ClauseId>>,
}

impl Clauses {
    fn push(&mut self, clause: Clause) -> ClauseId {
        let id = ClauseId(self.all.len());
        self.all.push(clause);
        id
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Governing ones first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Clause> {
        self.all.iter()
    }

    /// Of all clauses, in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ClauseId> + use<> {
        (0..self.all.len()).map(ClauseId)
    }

    /// Those that hang on a clause.
    pub(crate) fn below(&self, clause: ClauseId) -> impl Iterator<Item = &Clause> {
        let later = &self.all[clause.index() + 1..];
        later.iter().filter(move |below| below.parent == Some(clause))
    }

    /// The clause whose head a token is.
    pub(crate) fn headed(&self, token: usize) -> Option<&Clause> {
        let clause = &self[self.of[token]?];
        (clause.head == token).then_some(clause)
    }
}

impl std::ops::Index<ClauseId> for Clauses {
    type Output = Clause;

    fn index(&self, clause: ClauseId) -> &Clause {
        &self.all[clause.index()]
    }
}

/// A clause of one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClauseId(usize);

impl ClauseId {
    /// Its place among the clauses of the sentence.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// What the words mean that decide who does something.
pub(crate) struct Meaning<'a> {
    /// True for verbs that ask somebody to do something.
    pub(crate) is_request: &'a dyn Fn(&str) -> bool,
    /// True for the head of a phrase that means persons or a body.
    pub(crate) is_somebody: &'a dyn Fn(usize) -> bool,
    /// What a noun does to the clause below it: "the aim of selling" plans it, "charges of stealing"
    /// leave it open.
    pub(crate) effect: &'a dyn Fn(&str) -> Option<Factuality>,
    /// True for nouns of the means: "sent by mail".
    pub(crate) is_means: &'a dyn Fn(&str) -> bool,
    /// True for verbs whose participle tells what comes of a whole clause: "signalling haste".
    pub(crate) is_result: &'a dyn Fn(&str) -> bool,
}

/// Reads the clauses of a tree.
pub(crate) fn clauses(tree: &Tree, meaning: &Meaning) -> Clauses {
    let mut found = Clauses { all: Vec::new(), of: vec![None; tree.len()] };
    for token in tree.top_down() {
        let above = tree.head(token).and_then(|head| found.of[head]);
        if is_clause(tree, token) {
            let clause = read(tree, token, above, &found, meaning);
            found.of[token] = Some(found.push(clause));
        } else {
            found.of[token] = above;
        }
    }
    found
}

fn is_clause(tree: &Tree, token: usize) -> bool {
    use Deprel::*;
    let deprel = tree.deprel(token);
    if matches!(deprel, Aux | AuxPass | Deprel::Cop | Case | Mark | Fixed | Flat | Punct | Cc | Det)
    {
        return false;
    }
    let has_subject = tree.children(token).any(|child| is_subject(tree, child));
    match tree.upos(token) {
        Upos::Verb => match deprel {
            Amod | Compound => has_subject,
            Nsubj | Obj | Obl | Nmod | Appos => has_subject || is_gerund(tree, token),
            _ => true,
        },
        Upos::Aux => !matches!(deprel, Amod | Compound),
        _ => {
            tree.has(token, Deprel::Cop)
                || has_subject && !matches!(deprel, Deprel::Xcomp | Deprel::Nmod)
        }
    }
}

/// "*The claim* was that Voss had left": what a clause with a subject of its own is said to be.
pub(crate) fn outer_subject(tree: &Tree, head: usize) -> Option<usize> {
    let own = tree.has(head, Deprel::Nsubj) || tree.has(head, Deprel::NsubjPass);
    tree.child(head, Deprel::NsubjOuter).filter(|_| own)
}

fn is_subject(tree: &Tree, token: usize) -> bool {
    use Deprel::*;
    matches!(tree.deprel(token), Nsubj | NsubjPass | NsubjOuter | Csubj | CsubjPass | CsubjOuter)
}

fn link(tree: &Tree, token: usize, above: Option<&Clause>) -> Link {
    use Deprel::*;
    // "accused of hiding", "denied taking": the gerund is reported content.
    let charged = is_gerund_like(tree, token)
        && tree.introductions(token).any(|word| tree.lemma(word) == "of");
    if charged && matches!(tree.deprel(token), Advcl | Obl | Ccomp) {
        return Link::Content;
    }
    match tree.deprel(token) {
        Conj if above.is_some_and(|above| Some(above.head) == tree.head(token)) => Link::Conj,
        Xcomp => Link::Control,
        Ccomp if is_circumstance(tree, token) => Link::Adverbial,
        Ccomp | Csubj | CsubjPass | CsubjOuter => Link::Content,
        // "helped residents *return*"
        Advcl if is_bare_infinitive(tree, token) => Link::Control,
        Advcl | AdvclRelcl => {
            if tree.has_to(token) {
                Link::Purpose
            } else {
                Link::Adverbial
            }
        }
        AclRelcl => Link::Relative,
        Acl => Link::Participle,
        Parataxis => Link::Parataxis,
        Obl | Nmod if is_gerund(tree, token) => Link::Adverbial,
        _ => Link::Root,
    }
}

/// An infinitive without "to", conjunction or helping verb.
fn is_bare_infinitive(tree: &Tree, token: usize) -> bool {
    tree.is_infinitive(token)
        && !tree
            .children(token)
            .any(|child| matches!(tree.deprel(child), Deprel::Mark | Deprel::Aux | Deprel::AuxPass))
        && tree.head(token).is_some_and(|head| head < token)
}

/// "said *as he left*": a conjunction that introduces no content.
fn is_circumstance(tree: &Tree, token: usize) -> bool {
    tree.children(token).any(|child| {
        tree.deprel(child) == Deprel::Mark
            && matches!(
                tree.lemma(child),
                "as" | "while"
                    | "when"
                    | "after"
                    | "before"
                    | "because"
                    | "since"
                    | "although"
                    | "though"
                    | "until"
                    | "unless"
            )
    })
}

fn read(
    tree: &Tree,
    head: usize,
    parent: Option<ClauseId>,
    found: &Clauses,
    meaning: &Meaning,
) -> Clause {
    let above = parent.map(|parent| &found[parent]);
    let verbal = matches!(tree.upos(head), Upos::Verb | Upos::Aux);
    // "is due to arrive": an infinitive is no complement of a copula.
    let infinitive = verbal && tree.is_infinitive(head);
    // "The claim *was* that Voss had left", "the claim was that Voss *is* ill": the copula of the claim is not
    // that of its content.
    let outer = outer_subject(tree, head).is_some();
    let copula = match outer {
        true => tree.children(head).filter(|&child| tree.deprel(child) == Deprel::Cop).nth(1),
        false => tree.child(head, Deprel::Cop).filter(|_| !infinitive),
    };
    let mut clause = Clause {
        head,
        copula,
        verbless: !verbal && copula.is_none(),
        passive: is_passive(tree, head),
        particle: tree.child(head, Deprel::CompoundPrt),
        link: link(tree, head, above),
        parent,
        surface: Vec::new(),
        subjects: Vec::new(),
        objects: Vec::new(),
        indirect: Vec::new(),
        obliques: Vec::new(),
        complement: None,
        shared_subject: false,
    };
    collect(tree, &mut clause, meaning);
    if clause.link == Link::Relative {
        relative(tree, &mut clause, above);
        // "saw what they wanted": the words are all that is known of it.
        clause.objects.retain(|&object| !tree.is_free_relative(object));
    }
    if let (Link::Content, Some(above)) = (clause.link, above)
        && above.link == Link::Relative
        && let Some(antecedent) = tree.head(above.head)
    {
        // "the deal, *which* the minister said was near"
        replace_pronouns(tree, &mut clause, antecedent);
    }
    // "*it* took an hour", "*there* was rain": nobody does it.
    let nobody = tree.child(head, Deprel::Expl).is_some_and(|it| it < head);
    if clause.surface.is_empty() && !nobody {
        take_over_subject(tree, &mut clause, above, found, meaning);
    }
    if clause.objects.is_empty() && verbal && !clause.passive {
        clause.objects = object_of_twin(tree, head);
    }
    if clause.link == Link::Conj
        && let Some(above) = above
        && clause.objects.is_empty()
        && !clause.passive
        && !above.passive
        && verbal
    {
        // "inspected and praised the site": the shared object hangs on the first verb.
        clause.objects.extend(above.objects.iter().copied().filter(|&object| object > head));
    }
    if clause.passive {
        clause.objects = clause.surface.clone();
    } else {
        clause.subjects = clause.surface.clone();
    }
    clause
}

/// "designed and tested the drill": the shared object hangs on the second verb. Only for verbs that
/// stand side by side.
fn object_of_twin(tree: &Tree, head: usize) -> Vec<usize> {
    let twin = tree.children(head).find(|&child| {
        child > head
            && child <= head + 2
            && tree.deprel(child) == Deprel::Conj
            && tree.upos(child) == Upos::Verb
            && !tree.has(child, Deprel::Nsubj)
    });
    let object = twin.and_then(|twin| tree.child(twin, Deprel::Obj));
    object.map_or_else(Vec::new, |object| tree.conjuncts(object))
}

fn is_passive(tree: &Tree, head: usize) -> bool {
    if tree.upos(head) != Upos::Verb {
        return false;
    }
    let token = tree.token(head);
    if tree.has(head, Deprel::AuxPass) {
        return true;
    }
    let helped = tree.children(head).any(|child| {
        tree.deprel(child) == Deprel::Aux && tree.lemma(child) == "be"
            || tree.deprel(child) == Deprel::OblAgent
    });
    // "Two men arrested in Oslo": headlines have no auxiliary.
    let headline = tree.upos(tree.len() - 1) != Upos::Punct
        && !tree.has(head, Deprel::Aux)
        && !tree.has(head, Deprel::Obj);
    if tree.has(head, Deprel::NsubjPass) && (helped || headline) {
        return true;
    }
    // "was arrested and questioned": the auxiliary stands once.
    if tree.deprel(head) == Deprel::Conj
        && !tree.has(head, Deprel::Nsubj)
        && !tree.has(head, Deprel::Aux)
        && !tree.has(head, Deprel::Obj)
        && token.feat("Tense") == Some("Past")
        && (token.feat("VerbForm") == Some("Part") || tree.form(head).ends_with("ed"))
        && tree.head(head).is_some_and(|above| tree.has(above, Deprel::AuxPass))
    {
        return true;
    }
    let past_participle =
        token.feat("VerbForm") == Some("Part") && token.feat("Tense") == Some("Past");
    let reduced = matches!(tree.deprel(head), Deprel::Acl | Deprel::Advcl | Deprel::Xcomp);
    reduced && past_participle && !tree.has(head, Deprel::Aux) && !tree.has(head, Deprel::Nsubj)
}

/// Fills the slots from the children of the predicate.
fn collect(tree: &Tree, clause: &mut Clause, meaning: &Meaning) {
    let mut agents = Vec::new();
    // "by mail"
    let is_means = |child: usize| {
        (meaning.is_means)(tree.lemma(child))
            && tree.children(child).all(|c| tree.deprel(c) == Deprel::Case)
    };
    let outer = outer_subject(tree, clause.head);
    for child in tree.children(clause.head) {
        match tree.deprel(child) {
            Deprel::NsubjOuter if outer.is_some() => {}
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter => {
                clause.surface.extend(fillers(tree, child));
            }
            Deprel::Obj => clause.objects.extend(fillers(tree, child)),
            Deprel::Iobj => clause.indirect.extend(tree.conjuncts(child)),
            Deprel::OblAgent
            | Deprel::Obl
            | Deprel::OblUnmarked
            | Deprel::Nmod
            | Deprel::NmodUnmarked => {
                let case = tree.case(child);
                // "was presented *to* the guild" is no agent, whatever the parser calls it.
                let agent = tree.deprel(child) == Deprel::OblAgent && case == "by";
                let may_act = agent || clause.passive && !is_gerund(tree, child);
                // Prepositional attributes of a copula's noun belong to the noun, unless it is
                // the preposition that makes the predicate.
                let nominal = clause.copula.is_some() && tree.deprel(child) == Deprel::Nmod;
                if child < clause.head && is_companion(&case) && tree.before(child) == Some(",") {
                    // "Norland, *along with Estavia*, blocked the plan"
                    clause.surface.extend(tree.conjuncts(child));
                } else if may_act && case == "by" && !is_means(child) {
                    agents.extend(tree.conjuncts(child));
                } else if is_inclusion(&case)
                    && !clause.objects.is_empty()
                    // "accused both *of crimes, including theft*": a part of what stands before it.
                    && clause.obliques.iter().all(|other| {
                        other.token > child || clause.objects.iter().any(|&o| o > other.token)
                    })
                {
                    clause.objects.extend(tree.conjuncts(child));
                } else if !nominal {
                    for token in tree.conjuncts(child) {
                        let own = tree.case(token);
                        let case = if own.is_empty() { case.clone() } else { own };
                        clause.obliques.push(Oblique { case, token });
                    }
                }
            }
            Deprel::Xcomp if !is_clause(tree, child) => clause.complement = Some(child),
            _ => {}
        }
    }
    if clause.passive && agents.is_empty() {
        agents = strayed_agents(tree, clause);
    }
    if clause.passive {
        clause.subjects = agents;
        // "was given a medal": the second object of a passive ditransitive.
        if !clause.objects.is_empty() {
            let theme = std::mem::take(&mut clause.objects);
            clause
                .obliques
                .extend(theme.into_iter().map(|token| Oblique { case: String::new(), token }));
        }
    } else if let Some(token) = agents.first() {
        clause.obliques.push(Oblique { case: "by".into(), token: *token });
    }
    clause.obliques.truncate(MAX_CONJUNCTS);
}

/// What fills the slot of a nominal: its conjuncts, and what they include or go with by the text.
fn fillers(tree: &Tree, nominal: usize) -> Vec<usize> {
    let mut all = tree.conjuncts(nominal);
    let members: Vec<usize> = all.iter().flat_map(|&token| tree.members(token)).collect();
    all.extend(members);
    all.truncate(MAX_CONJUNCTS);
    all
}

/// "was greeted on a carpet *by the mayor*": the agent hangs on the noun before it.
fn strayed_agents(tree: &Tree, clause: &Clause) -> Vec<usize> {
    let Some(last) = clause.obliques.last() else { return Vec::new() };
    let agent = tree.children(last.token).find(|&child| {
        child > last.token && tree.deprel(child) == Deprel::Nmod && tree.case(child) == "by"
    });
    agent.map_or_else(Vec::new, |agent| tree.conjuncts(agent))
}

fn is_gerund(tree: &Tree, token: usize) -> bool {
    tree.token(token).feat("VerbForm") == Some("Ger")
}

/// True for "who", "which", "that", "whom", "where" in their relative use.
pub(crate) fn is_relative_pronoun(tree: &Tree, token: usize) -> bool {
    let word = tree.token(token);
    word.feat("PronType") == Some("Rel")
        || matches!(&*word.lemma, "who" | "whom" | "which" | "whose")
        || tree.form(token).eq_ignore_ascii_case("that")
            && matches!(word.upos, Upos::Pron | Upos::Sconj)
}

/// Puts the antecedent where relative pronouns stand. True if there was one.
fn replace_pronouns(tree: &Tree, clause: &mut Clause, antecedent: usize) -> bool {
    let mut replaced = false;
    let mut replace = |token: &mut usize| {
        if is_relative_pronoun(tree, *token) {
            *token = antecedent;
            replaced = true;
        }
    };
    clause.surface.iter_mut().for_each(&mut replace);
    clause.objects.iter_mut().for_each(&mut replace);
    clause.indirect.iter_mut().for_each(&mut replace);
    clause.subjects.iter_mut().for_each(&mut replace);
    clause.obliques.iter_mut().for_each(|oblique| replace(&mut oblique.token));
    replaced
}

/// "*Jan Falk* was an officer who served", "*Jan Falk*, an officer who served": what is told of the officer is
/// told of whoever is one.
fn described(tree: &Tree, noun: usize, above: Option<&Clause>) -> Option<usize> {
    let phrase = NounPhrase::new(tree, noun);
    if !phrase.has_indefinite_article() {
        return None;
    }
    let of_copula = above.filter(|above| above.copula.is_some() && above.head == noun);
    let of_apposition = || phrase.apposed_to().filter(|&anchor| tree.upos(anchor) == Upos::Propn);
    of_copula.and_then(|above| above.surface.first().copied()).or_else(of_apposition)
}

/// "Voss and Lund, who *were* arrested": a verb in the plural behind one of several.
fn is_about_all(tree: &Tree, verb: usize, noun: usize) -> bool {
    let mut finite = tree.children(verb).chain([verb]).filter(|&token| {
        tree.token(token).feat("VerbForm") == Some("Fin")
            && matches!(tree.upos(token), Upos::Aux | Upos::Verb)
    });
    // English marks it in "were", "are", "have" alone; "was" and "has" are of one.
    let plural = finite.any(|token| {
        matches!(tree.form(token).to_lowercase().as_str(), "were" | "are" | "have" | "'re" | "'ve")
    });
    plural && !tree.is_plural(noun) && tree.conjuncts(first_conjunct(tree, noun)).len() > 1
}

fn first_conjunct(tree: &Tree, noun: usize) -> usize {
    match tree.head(noun) {
        Some(first) if tree.deprel(noun) == Deprel::Conj => first,
        _ => noun,
    }
}

/// Puts the antecedent where the relative pronoun stands, or where the gap is.
fn relative(tree: &Tree, clause: &mut Clause, above: Option<&Clause>) {
    let Some(noun) = tree.head(clause.head) else { return };
    let antecedent = described(tree, noun, above).unwrap_or(noun);
    let mut replaced = replace_pronouns(tree, clause, antecedent);
    if replaced && clause.surface == [antecedent] && is_about_all(tree, clause.head, noun) {
        clause.surface = tree.conjuncts(first_conjunct(tree, noun));
        clause.shared_subject = true;
        return;
    }
    let adverb = tree.children(clause.head).find(|&child| {
        tree.deprel(child) == Deprel::Advmod && matches!(tree.lemma(child), "where" | "when")
    });
    if let Some(adverb) = adverb {
        if tree.lemma(adverb) == "where" {
            clause.obliques.push(Oblique { case: "in".into(), token: antecedent });
        }
        replaced = true;
    }
    let whose = tree.children(clause.head).any(|child| {
        tree.children(child)
            .any(|inner| tree.lemma(inner) == "whose" || tree.form(inner) == "whose")
    });
    if replaced || whose {
        clause.shared_subject = clause.surface == [antecedent];
        return;
    }
    if clause.surface.is_empty() {
        clause.surface.push(antecedent);
        clause.shared_subject = true;
    } else if !clause.passive
        && clause.objects.is_empty()
        && clause.copula.is_none()
        && !tree.has(clause.head, Deprel::Ccomp)
        && !tree.has(clause.head, Deprel::Mark)
    {
        // "the town they left": no pronoun, the gap is the object. "a report *that* she left" has none.
        clause.objects.push(antecedent);
    }
}

/// Finds who does it when the clause has no subject of its own.
fn take_over_subject(
    tree: &Tree,
    clause: &mut Clause,
    above: Option<&Clause>,
    found: &Clauses,
    meaning: &Meaning,
) {
    let surface: Vec<usize> = match (clause.link, above) {
        // "filmed *him giving* a speech": the participle right behind an object is about it.
        (Link::Adverbial, Some(above)) if follows_object(tree, clause, above) => {
            above.objects.clone()
        }
        // "accused the firm *of hiding* it", "thanked her *for coming*": whoever is accused hid it.
        (Link::Adverbial | Link::Content, Some(above))
            if is_charge(tree, clause, above, meaning) =>
        {
            above.addressed().to_vec()
        }
        // "the deal, which the minister said *was* near": the gap is in the content.
        (Link::Content, Some(above)) if above.link == Link::Relative && !above.shared_subject => {
            tree.head(above.head).into_iter().collect()
        }
        // "closed the pier, *signalling* haste": nobody alone did it.
        (Link::Adverbial, Some(above)) if is_result(tree, clause, above, meaning) => Vec::new(),
        // "was bought *using* a loan", "was stopped *by closing* the gate": whoever did it, not what it was done to.
        (Link::Adverbial, Some(above)) if above.passive && is_means_clause(tree, clause) => {
            above.subjects.clone()
        }
        (Link::Conj | Link::Adverbial, Some(above)) => above.surface.clone(),
        (Link::Purpose, Some(above)) => {
            let asked = asked(tree, clause, above, meaning);
            if !asked.is_empty() {
                asked // "called on *the council* to leave"
            } else if above.passive && !above.subjects.is_empty() {
                above.subjects.clone()
            } else {
                above.surface.clone()
            }
        }
        // "made *it* possible to cross": for anybody
        (Link::Control, Some(above)) if tree.has(above.head, Deprel::Expl) => Vec::new(),
        (Link::Control, Some(above)) => {
            let asked = asked(tree, clause, above, meaning);
            let controller = if !above.passive && !above.indirect.is_empty() {
                // "told *me* to wait"
                &above.indirect
            } else if !asked.is_empty() {
                // "appealed to *residents* to leave"
                &asked
            } else if above.passive || above.objects.is_empty() {
                &above.surface
            } else {
                &above.objects
            };
            controller.clone()
        }
        (Link::Participle, _) => participle_subject(tree, clause, found, meaning),
        _ => Vec::new(),
    };
    clause.shared_subject = !surface.is_empty();
    clause.surface = surface;
}

/// Who is asked to do what the clause says, behind a preposition: "appealed to *residents* to leave".
fn asked(tree: &Tree, clause: &Clause, above: &Clause, meaning: &Meaning) -> Vec<usize> {
    if above.passive || !(meaning.is_request)(tree.lemma(above.head)) {
        return Vec::new();
    }
    let asked = above.obliques.iter().filter(|oblique| {
        matches!(&*oblique.case, "to" | "on" | "upon" | "for")
            && oblique.token > above.head
            && oblique.token < clause.head
    });
    asked.map(|oblique| oblique.token).collect()
}

/// "*using* a rope", "*by closing* the gate": how somebody does what the clause above says.
fn is_means_clause(tree: &Tree, clause: &Clause) -> bool {
    match tree.introductions(clause.head).next() {
        Some(word) => tree.lemma(word) == "by",
        None => {
            tree.lemma(clause.head) == "use" && tree.form(clause.head).eq_ignore_ascii_case("using")
        }
    }
}

/// True for a participle behind a comma that tells what comes of the clause above.
fn is_result(tree: &Tree, clause: &Clause, above: &Clause, meaning: &Meaning) -> bool {
    above.head < clause.head
        && matches!(tree.before(clause.head), Some("," | "–" | "—"))
        && tree.introductions(clause.head).next().is_none()
        && tree.form(clause.head).to_lowercase().ends_with("ing")
        && !tree.children(clause.head).any(|child| tree.deprel(child) == Deprel::Aux)
        && (meaning.is_result)(tree.lemma(clause.head))
}

/// "hiding", "having hidden"; behind a preposition treebanks call it a participle as often as a gerund.
fn is_gerund_like(tree: &Tree, token: usize) -> bool {
    let introduced = tree.introductions(token).next().is_some();
    let word = tree.token(token);
    let participle = word.feat("VerbForm") == Some("Part") && word.feat("Tense") == Some("Pres");
    is_gerund(tree, token)
        || introduced && participle
        || tree.children(token).any(|child| {
            tree.deprel(child) == Deprel::Aux && tree.form(child).eq_ignore_ascii_case("having")
        })
}

/// True for a gerund behind an object that does it: after "of", "from", "against" and "into", and after
/// "for" if the object is somebody.
fn is_charge(tree: &Tree, clause: &Clause, above: &Clause, meaning: &Meaning) -> bool {
    let Some(&object) = above.addressed().last() else { return false };
    let preposition = tree.introductions(clause.head).next();
    let somebody = tree.upos(object) == Upos::Pron
        || above.indirect.contains(&object)
        || (meaning.is_somebody)(object);
    object < clause.head
        && is_gerund_like(tree, clause.head)
        && preposition.is_some_and(|p| match tree.lemma(p) {
            "of" | "from" | "against" | "into" => true,
            "for" => somebody,
            _ => false,
        })
}

/// True for a participle without a conjunction that stands directly behind the object of the verb
/// above it.
fn follows_object(tree: &Tree, clause: &Clause, above: &Clause) -> bool {
    let Some(&object) = above.objects.last() else { return false };
    let marked = tree.children(clause.head).any(|child| {
        matches!(tree.deprel(child), Deprel::Mark | Deprel::Case | Deprel::Advmod)
            && child < clause.head
    });
    let (_, last) =
        tree.extent(object, |child| child == clause.head || tree.deprel(child) == Deprel::Punct);
    // "spent a year *writing* it": the year wrote nothing.
    let spent = matches!(tree.lemma(above.head), "spend" | "waste");
    !marked
        && !spent
        && !above.passive
        && tree.upos(clause.head) == Upos::Verb
        && last + 1 == clause.head
}

/// "a bridge built in May" is about the bridge; "its plan to leave" and "its aim of leaving" about the
/// planner.
fn participle_subject(
    tree: &Tree,
    clause: &Clause,
    found: &Clauses,
    meaning: &Meaning,
) -> Vec<usize> {
    let Some(noun) = tree.head(clause.head) else { return Vec::new() };
    let infinitive = tree.is_infinitive(clause.head) || tree.has_to(clause.head);
    let introduced = tree.introductions(clause.head).next().is_some();
    let gerund = introduced && is_gerund_like(tree, clause.head);
    if !infinitive && !gerund {
        return vec![noun];
    }
    let above = found.of[noun].map(|above| &found[above]);
    if !infinitive {
        return gerund_subject(tree, noun, above, meaning);
    }
    // "time *for farmers* to leave", "*its* plan to leave"
    let for_whom = || {
        let mut behind = tree.children(noun).filter(|child| (noun..clause.head).contains(child));
        behind.find(|&child| tree.deprel(child) == Deprel::Nmod && tree.case(child) == "for")
    };
    let doer = NounPhrase::new(tree, noun).possessor().or_else(for_whom);
    if let Some(doer) = doer {
        return tree.conjuncts(doer);
    }
    match above {
        Some(above) if above.objects.contains(&noun) => match (above.passive, &*above.indirect) {
            (true, _) => above.surface.clone(), // "*he* was given the right to vote"
            (false, []) => above.subjects.clone(),
            (false, given) => given.to_vec(), // "gave *him* the right to vote"
        },
        // "was the first to visit"
        Some(above)
            if above.complement == Some(noun) || above.copula.is_some() && above.head == noun =>
        {
            above.surface.clone()
        }
        _ => Vec::new(),
    }
}

/// "the aim of *leaving*" is about whoever has the aim, "indicted on charges of *stealing*" about the
/// accused. The noun itself does nothing.
fn gerund_subject(
    tree: &Tree,
    noun: usize,
    above: Option<&Clause>,
    meaning: &Meaning,
) -> Vec<usize> {
    let oblique = above.filter(|above| above.obliques.iter().any(|o| o.token == noun));
    match (meaning.effect)(tree.lemma(noun)) {
        Some(Factuality::Planned | Factuality::Hypothetical) => {}
        Some(Factuality::Possible) => {
            let accused = oblique.filter(|above| above.passive);
            return accused.map_or_else(Vec::new, |above| above.surface.clone());
        }
        _ => return Vec::new(),
    }
    let owners = NounPhrase::new(tree, noun).owners();
    if !owners.is_empty() {
        return owners;
    }
    match (above.filter(|above| above.objects.contains(&noun)), oblique) {
        (Some(above), _) => above.subjects.clone(),
        (None, Some(above)) => above.surface.clone(),
        (None, None) => Vec::new(),
    }
}
