//! Mutates a valid contract: compiling it never panics or hangs, and every error is located within the text.

use otel_contract_model::Source;
use otel_contract_yaml::compile;

const GOOD: &str = include_str!("contracts/everything.yaml");

/// Random numbers from a fixed seed (splitmix64), so that all runs are equal.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).expect("below the limit")
    }
}

fn check(text: &str) {
    let compiled = compile(&Source::text("", "contract.yaml", text));
    for diagnostic in &compiled.diagnostics {
        let lines = text.lines().count().max(1);
        assert!(
            diagnostic.location.line as usize <= lines + 1,
            "{diagnostic}\nof\n{text}"
        );
        assert!(!diagnostic.message.is_empty() && !diagnostic.to_string().is_empty());
    }
    assert!(compiled.contract.is_some() || !compiled.diagnostics.is_empty());
    if let Some(contract) = compiled.contract {
        // All references are valid.
        for operation in &contract.operations {
            for usage in contract.uses(operation) {
                let _ = &contract[usage.attribute];
            }
            let _ = contract.errors_of(operation);
            operation
                .events
                .iter()
                .for_each(|event| drop(contract[*event].name.clone()));
        }
    }
}

#[test]
fn the_contract_of_all_features_is_valid() {
    let compiled = compile(&Source::text("", "contract.yaml", GOOD));
    assert_eq!(compiled.diagnostics.to_string(), "");
}

#[test]
fn a_truncated_contract_is_handled() {
    let mut numbers = Numbers(1);
    for _ in 0..150 {
        let mut end = numbers.below(GOOD.len());
        while !GOOD.is_char_boundary(end) {
            end -= 1;
        }
        check(&GOOD[..end]);
    }
}

#[test]
fn a_contract_with_moved_or_lost_lines_is_handled() {
    let lines: Vec<&str> = GOOD.lines().collect();
    let mut numbers = Numbers(2);
    for _ in 0..150 {
        let mut lines = lines.clone();
        for _ in 0..=numbers.below(3) {
            let line = lines.remove(numbers.below(lines.len()));
            if numbers.below(2) == 0 {
                lines.insert(numbers.below(lines.len()), line);
            }
        }
        check(&lines.join("\n"));
    }
}

#[test]
fn a_contract_with_changed_characters_is_handled() {
    let alphabet: Vec<char> = ":{}[],&*!|>'\"%@`-?#\n\t ~<0aZé名\u{0}\u{7f}\u{feff}"
        .chars()
        .collect();
    let mut numbers = Numbers(3);
    for _ in 0..300 {
        let mut text: Vec<char> = GOOD.chars().collect();
        for _ in 0..=numbers.below(4) {
            let place = numbers.below(text.len());
            let character = alphabet[numbers.below(alphabet.len())];
            match numbers.below(3) {
                0 => text[place] = character,
                1 => text.insert(place, character),
                _ => drop(text.remove(place)),
            }
        }
        check(&text.into_iter().collect::<String>());
    }
}

#[test]
fn a_contract_with_replaced_words_is_handled() {
    let words: Vec<&str> = GOOD.split_inclusive([' ', '\n']).collect();
    let mut numbers = Numbers(4);
    for _ in 0..300 {
        let mut words = words.clone();
        for _ in 0..=numbers.below(4) {
            let (from, to) = (numbers.below(words.len()), numbers.below(words.len()));
            words[to] = words[from];
        }
        check(&words.concat());
    }
}
