//! "Did you mean …": the nearest of some names.

/// The candidate nearest to `written`, if one is near enough to be what was meant.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|it| (distance(&written.to_lowercase(), &it.to_lowercase()), it))
        .filter(|(distance, it)| {
            *distance <= limit
                || (written.chars().count() >= 3
                    && it.to_lowercase().starts_with(&written.to_lowercase()))
        })
        .min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)))
        .map(|(_, it)| it)
}

/// "did you mean `x`?" or the list of what there is.
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    match nearest(written, candidates.clone()) {
        Some(it) => Some(format!("did you mean `{it}`?")),
        None => {
            let all: Vec<String> = candidates.into_iter().map(|it| format!("`{it}`")).collect();
            (!all.is_empty()).then(|| format!("there are {}", all.join(", ")))
        }
    }
}

/// Edits (insert, delete, replace, swap of neighbours) between two words.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_typo_and_leaves_strangers_alone() {
        assert_eq!(nearest("cdir", ["cidr", "zones"]), Some("cidr"));
        assert_eq!(nearest("pubic", ["public", "private"]), Some("public"));
        assert_eq!(nearest("memroy", ["memory", "cpu"]), Some("memory"));
        assert_eq!(nearest("banana", ["cidr", "zones"]), None);
    }
}
