//! Patterns with `*` and `?`: whether two of them have a text in common, and whether one holds all of another.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

/// Opens the name of a value that is given when deploying; [`SOFT_END`] closes it.
pub const SOFT: char = '\u{E010}';
/// Closes what [`SOFT`] opens.
pub const SOFT_END: char = '\u{E011}';
/// Something that is not known.
pub const UNKNOWN: char = '\u{E012}';
/// Something else that is not known.
const OTHER_UNKNOWN: &str = "\u{E013}";
/// Opens the name of a resource that stands for what AWS will call it; [`MADE_END`] closes it.
pub const MADE: char = '\u{E014}';
/// Closes what [`MADE`] opens.
pub const MADE_END: char = '\u{E015}';
/// A `*` that is no wildcard.
pub const STAR: char = '\u{E020}';
/// A `?` that is no wildcard.
pub const QUESTION: char = '\u{E021}';

/// One letter or digit that AWS chooses.
pub const LETTER: char = '\u{E022}';

/// The pattern with `*` for what is not known: everything that it may turn out to be.
pub fn soften(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains([SOFT, UNKNOWN]) {
        return Cow::Borrowed(pattern);
    }
    let mut all = String::with_capacity(pattern.len());
    let mut inside = false;
    for it in pattern.chars() {
        match it {
            SOFT => inside = true,
            SOFT_END => {
                inside = false;
                all.push('*');
            }
            UNKNOWN => all.push('*'),
            _ if inside => {}
            it => all.push(it),
        }
    }
    Cow::Owned(all)
}

/// A text that is not a pattern, as one.
pub fn quoted(text: &str) -> String {
    if text.contains(['*', '?']) {
        text.replace('*', &STAR.to_string()).replace('?', &QUESTION.to_string())
    } else {
        text.to_string()
    }
}

/// What every text of the pattern begins with.
pub fn literal_prefix(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', SOFT, UNKNOWN, LETTER]).unwrap_or(pattern.len());
    &pattern[..end]
}

/// Whether it has a wildcard, or something that is not known.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', SOFT, UNKNOWN, LETTER])
}

/// What is left behind the part in which both are the same letters; none if they differ in a letter.
fn rests<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    loop {
        match (a.get(at), b.get(at)) {
            (None, None) => return Some(("", "")),
            (Some(b'*' | b'?'), _) | (_, Some(b'*' | b'?')) => break,
            (Some(x), Some(y)) if x == y => at += 1,
            (Some(_), Some(_)) | (Some(_), None) | (None, Some(_)) => {
                while !one.is_char_boundary(at) || !other.is_char_boundary(at) {
                    at -= 1;
                }
                if one[at..].starts_with(LETTER) || other[at..].starts_with(LETTER) {
                    break;
                }
                return None;
            }
        }
    }
    Some((&one[at..], &other[at..]))
}

/// Whether a text certainly matches both patterns: what is not known matches nothing but a wildcard.
pub fn meet(one: &str, other: &str) -> bool {
    let other: Cow<'_, str> = if one.contains(UNKNOWN) && other.contains(UNKNOWN) {
        Cow::Owned(other.replace(UNKNOWN, OTHER_UNKNOWN))
    } else {
        Cow::Borrowed(other)
    };
    let Some((one, other)) = rests(one, &other) else { return false };
    match (one, other) {
        ("*", _) | (_, "*") | ("", "") => true,
        _ => {
            let a: Vec<char> = one.chars().collect();
            let b: Vec<char> = other.chars().collect();
            shortest(&a, &b).is_some()
        }
    }
}

/// The shortest text that matches both patterns.
pub fn common(one: &str, other: &str) -> Option<String> {
    let (a, b) = rests(one, other)?;
    let start = &one[..one.len() - a.len()];
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    shortest(&a, &b).map(|it| format!("{start}{it}"))
}

fn shortest(a: &[char], b: &[char]) -> Option<String> {
    type At = (usize, usize);
    let mut from: BTreeMap<At, (At, Option<char>)> = BTreeMap::new();
    let mut queue: VecDeque<At> = VecDeque::from([(0, 0)]);
    from.insert((0, 0), ((0, 0), None));
    while let Some(at) = queue.pop_front() {
        let (i, j) = at;
        if i == a.len() && j == b.len() {
            let mut text: Vec<char> = Vec::new();
            let mut at = at;
            while at != (0, 0) {
                let Some((before, letter)) = from.get(&at) else { break };
                text.extend(letter);
                at = *before;
            }
            return Some(text.iter().rev().collect());
        }
        let (x, y) = (a.get(i).copied(), b.get(j).copied());
        // A star may stand for nothing: these steps first.
        for (next, star) in [((i + 1, j), x), ((i, j + 1), y)] {
            if star == Some('*') && !from.contains_key(&next) {
                from.insert(next, (at, None));
                queue.push_front(next);
            }
        }
        let (Some(x), Some(y)) = (x, y) else { continue };
        let letter = match (x, y) {
            ('*' | '?' | LETTER, '*' | '?' | LETTER) => 'x',
            (LETTER, it) | (it, LETTER) if it.is_ascii_alphanumeric() => it,
            (LETTER, _) | (_, LETTER) => continue,
            ('*' | '?', it) | (it, '*' | '?') => it,
            (x, y) if x == y => x,
            _ => continue,
        };
        let next = (if x == '*' { i } else { i + 1 }, if y == '*' { j } else { j + 1 });
        if next != at && !from.contains_key(&next) {
            from.insert(next, (at, Some(letter)));
            queue.push_back(next);
        }
    }
    None
}

/// Whether the pattern `all` certainly holds every text that `part` holds.
pub fn holds(all: &str, part: &str) -> bool {
    let p: Vec<char> = all.chars().collect();
    let t: Vec<char> = part.chars().collect();
    let fits = |p: char, t: char| {
        p == t && t != UNKNOWN
            || p == '?' && t != '*' && t != UNKNOWN
            || p == LETTER && t.is_ascii_alphanumeric()
    };
    let (mut i, mut j) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while j < t.len() {
        if i < p.len() && p[i] == '*' {
            star = Some((i, j));
            i += 1;
        } else if i < p.len() && fits(p[i], t[j]) {
            i += 1;
            j += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            i = at + 1;
            j = taken + 1;
        } else {
            return false;
        }
    }
    p[i..].iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_patterns_have_in_common() {
        for (one, other, text) in [
            ("a*", "*b", Some("ab")),
            ("a?c", "abc", Some("abc")),
            ("*.example.com", "acme.*", Some("acme.example.com")),
            ("acme.example.com", "globex.example.com", None),
            ("/a/*", "/b/*", None),
            ("*", "", Some("")),
            ("?", "", None),
            ("x-??????", "x-*", Some("x-xxxxxx")),
            ("x-??????", "x-y-??????", None),
            ("*a*", "*b*", Some("ab")),
        ] {
            assert_eq!(common(one, other).map(|it| it.len()), text.map(str::len), "{one} {other}");
            assert_eq!(meet(one, other), text.is_some(), "{one} {other}");
            if let Some(it) = common(one, other) {
                assert!(holds(one, &it) && holds(other, &it), "{one} {other}: {it}");
            }
        }
    }

    #[test]
    fn letters_that_aws_chooses_are_no_slashes() {
        let name = format!("seats/acorn/app-{}", LETTER.to_string().repeat(6));
        assert!(!meet("*/acme/*", &name));
        assert!(meet("seats/acorn/*", &name) && meet("seats/acorn/app-??????", &name));
        assert!(meet("seats/acorn/app-Ab12Cd", &name) && meet(&name, &name));
        assert!(!meet("seats/acorn/app-Ab12C", &name) && !meet("seats/acorn/app", &name));
        assert!(holds("seats/*", &name) && holds("seats/acorn/app-??????", &name));
        assert_eq!(literal_prefix(&name), "seats/acorn/app-");
    }

    #[test]
    fn one_pattern_holds_another() {
        for (all, part, held) in [
            ("*", "a*", true),
            ("a*", "*", false),
            ("kms:*", "kms:Decrypt", true),
            ("kms:?ecrypt", "kms:*", false),
            ("a?", "a*", false),
            ("a*b", "acb*b", true),
            ("a", "a", true),
        ] {
            assert_eq!(holds(all, part), held, "{all} {part}");
        }
    }

    #[test]
    fn what_is_not_known_may_be_anything() {
        let text = format!("a/{SOFT}Stage{SOFT_END}/b");
        assert_eq!(soften(&text), "a/*/b");
        assert_eq!(literal_prefix(&text), "a/");
        assert!(is_pattern(&text) && !is_pattern("a"));
        assert!(!meet(&text, "a/prod/b"), "not certainly");
        assert!(meet(&soften(&text), "a/prod/b"), "perhaps");
    }
}
