//! From the names of the standard to those of Rust.

/// `NotifyEVChargingNeeds` -> `Notify`, `EV`, `Charging`, `Needs`; `limit_L2` -> `limit`, `L2`.
fn words(name: &str) -> Vec<String> {
    // State of charge: one word.
    let name = &name.replace("SoC", "Soc");
    let mut words: Vec<String> = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (i, &c) in chars.iter().enumerate() {
            let before = i.checked_sub(1).map(|i| chars[i]);
            let after_lower = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
            let digits = word.chars().rev().take_while(char::is_ascii_digit).count();
            let starts = c.is_ascii_uppercase()
                && before.is_some_and(|b| {
                    b.is_ascii_lowercase() || after_lower || digits > 1 && b.is_ascii_digit()
                });
            if starts && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(c);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// `EVSEType` without its suffix -> `Evse`.
pub fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        // Two figures that would run together stay apart: `5_2`, not `52`.
        let joins_figures = out.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit());
        if joins_figures {
            out.push('_');
        }
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.extend(chars.map(|c| c.to_ascii_lowercase()));
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, 'N');
    }
    out
}

/// `evseId` -> `evse_id`; a word that Rust reserves gets an underscore.
pub fn snake(name: &str) -> String {
    let name = words(name).join("_").to_ascii_lowercase();
    if name == "type" { "type_".into() } else { name }
}

/// `BootNotification` -> `BOOT_NOTIFICATION`.
pub fn screaming(name: &str) -> String {
    words(name).join("_").to_ascii_uppercase()
}
