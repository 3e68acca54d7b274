//! The README in Chinese shows what the README in English shows: the same commands, tables, figures and links.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

/// Lines inside fenced blocks.
fn commands(text: &str) -> Vec<&str> {
    let mut inside = false;
    text.lines()
        .filter(|line| {
            let fence = line.starts_with("```");
            inside ^= fence;
            inside || fence
        })
        .collect()
}

/// What a line shows beside its words: code and numbers, sorted, for words stand in another order in another language.
fn figures(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, piece) in line.split('`').enumerate() {
        if index % 2 == 1 {
            found.push(piece.to_owned());
            continue;
        }
        let number = |c: char| c.is_ascii_digit() || ".,".contains(c);
        let numbers = piece.split(|c| !number(c)).map(|n| n.trim_matches(['.', ',']));
        found.extend(numbers.filter(|n| !n.is_empty()).map(str::to_owned));
    }
    found.sort();
    found
}

/// Code and numbers of each row of each table.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().filter(|line| line.starts_with('|')).map(figures).collect()
}

/// Targets of links, in order.
fn links(text: &str) -> Vec<&str> {
    let ends = text.match_indices("](").map(|(at, _)| &text[at + 2..]);
    ends.filter_map(|rest| rest.split(')').next()).filter(|l| !l.starts_with("README")).collect()
}

#[test]
fn both_readmes_show_the_same() {
    let read = |file| fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    assert_eq!(commands(&english), commands(&chinese));
    assert_eq!(rows(&english), rows(&chinese));
    assert_eq!(links(&english), links(&chinese));
}

#[test]
fn figures_are_code_and_numbers() {
    let row = "| least cost, 200 cars x 96 | 0.27 ms | `cargo bench`, 1.5 x. |";
    assert_eq!(figures(row), ["0.27", "1.5", "200", "96", "cargo bench"]);
}
