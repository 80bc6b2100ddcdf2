//! Spelling variants of names: transliterations of one original.

/// Folds what transliterations do differently: "Sergey Shchukin" and "Sergei Schukin" have one
/// skeleton. Takes folded words.
pub(super) fn skeleton(words: &[String]) -> String {
    words.iter().map(|word| of_word(word)).collect::<Vec<_>>().join(" ")
}

fn of_word(word: &str) -> String {
    // Longer patterns first; each is one sound that is written in several ways.
    const SOUNDS: [(&str, &str); 20] = [
        ("shch", "s"),
        ("tsch", "c"),
        ("sch", "s"),
        ("tch", "c"),
        ("zh", "j"),
        ("kh", "h"),
        ("ph", "f"),
        ("ck", "k"),
        ("ks", "x"),
        ("ts", "c"),
        ("tz", "c"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("yu", "iu"),
        ("ya", "ia"),
        ("ye", "e"),
        ("ie", "i"),
        ("iy", "i"),
        ("ey", "ei"),
    ];
    let mut rest = word;
    let mut skeleton = String::with_capacity(word.len());
    while let Some(c) = rest.chars().next() {
        let own = same_sound(c).to_string();
        let (sound, length) = match SOUNDS.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => (*to, from.len()),
            None => (own.as_str(), c.len_utf8()),
        };
        if !skeleton.ends_with(sound) {
            skeleton.push_str(sound);
        }
        rest = &rest[length..];
    }
    let trimmed = skeleton.trim_end_matches(['i', 'h']);
    if trimmed.len() > 1 { trimmed.to_owned() } else { skeleton }
}

/// One letter for those that are written for the same sound.
fn same_sound(c: char) -> char {
    match c {
        'y' | 'j' => 'i',
        'w' => 'v',
        'q' | 'c' => 'k',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> String {
        skeleton(&name.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn transliterations_have_one_skeleton_and_other_names_do_not() {
        for (a, b) in [
            ("sergei", "sergey"),
            ("yury", "yuri"),
            ("viktor", "victor"),
            ("marchenkoy", "marchenkoi"),
            ("zelinskyy", "zelinski"),
            ("dmitry", "dmitriy"),
            ("khaled", "haled"),
        ] {
            assert_eq!(of(a), of(b));
        }
        for (a, b) in [("berg", "borg"), ("anna", "ana maria"), ("dahl", "dale")] {
            assert_ne!(of(a), of(b));
        }
    }
}
