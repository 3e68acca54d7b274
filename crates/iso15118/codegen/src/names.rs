//! Names of the schemas as names of Rust: acronyms are words.

/// Runs of capitals in the schemas, cut greedily in this order.
const WORDS: &[&str] = &[
    "EVSEID", "EVCCID", "EVSE", "EVCC", "SECC", "EVPC", "SPC", "RESS", "SOC", "BPT", "ACDP", "WPT",
    "DSA", "RSA", "PGP", "SPKI", "XPATH", "DER", "TLS", "URI", "CPD", "SPN", "HMAC", "PIN",
    "BSSID", "SSID", "OEM", "EIM", "RCD", "LF", "EV", "DC", "AC", "SA", "SE", "SD", "CP", "CL",
    "ID", "DH",
];

/// The words of a name, as written.
fn words(name: &str) -> Vec<String> {
    // Spellings that no rule cuts well.
    let name = name
        .replace("PnC", "Pnc")
        .replace("eMAID", "Emaid")
        .replace("PMax", "Pmax")
        .replace("V2G", "V2g")
        .replace("V2X", "V2x")
        .replace("eMSP", "Emsp");
    let name = name.replace("IDs", "Ids").replace("SDlist", "SdList").replace("SoC", "Soc");
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let letters: Vec<char> = part.chars().collect();
        let mut at = 0;
        while at < letters.len() {
            let begin = at;
            if letters[at].is_ascii_uppercase() {
                while at < letters.len() && letters[at].is_ascii_uppercase() {
                    at += 1;
                }
                let mut run = at - begin;
                // The last capital begins the next word, unless the name ends or a digit follows.
                if run > 1 && at < letters.len() && letters[at].is_ascii_lowercase() {
                    run -= 1;
                }
                if run == 1 {
                    while at < letters.len() && !letters[at].is_ascii_uppercase() {
                        at += 1;
                    }
                    words.push(letters[begin..at].iter().collect());
                } else {
                    at = begin + run;
                    cut(&letters[begin..at].iter().collect::<String>(), &mut words);
                    // Digits after an acronym belong to it.
                    while at < letters.len() && letters[at].is_ascii_digit() {
                        if let Some(last) = words.last_mut() {
                            last.push(letters[at]);
                        }
                        at += 1;
                    }
                }
            } else {
                while at < letters.len() && !letters[at].is_ascii_uppercase() {
                    at += 1;
                }
                words.push(letters[begin..at].iter().collect());
            }
        }
    }
    words
}

/// Cuts a run of capitals into known acronyms.
fn cut(run: &str, words: &mut Vec<String>) {
    if run.is_empty() {
        return;
    }
    match WORDS.iter().find(|word| run.starts_with(**word)) {
        Some(word) => {
            words.push((*word).to_owned());
            cut(&run[word.len()..], words);
        }
        None => words.push(run.to_owned()),
    }
}

/// `DC_EVSEStatus` as `DcEvseStatus`.
pub fn pascal(name: &str) -> String {
    let mut all = String::new();
    for word in words(name) {
        let mut letters = word.chars();
        all.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        all.extend(letters.map(|c| c.to_ascii_lowercase()));
    }
    if all.starts_with(|c: char| c.is_ascii_digit()) { format!("N{all}") } else { all }
}

/// `DC_EVSEStatus` as `dc_evse_status`.
pub fn snake(name: &str) -> String {
    let name = words(name).iter().map(|w| w.to_ascii_lowercase()).collect::<Vec<_>>().join("_");
    if matches!(name.as_str(), "type" | "final" | "in") { format!("{name}_") } else { name }
}

/// `DC_EVSEStatus` as `DC_EVSE_STATUS`.
pub fn screaming(name: &str) -> String {
    words(name).iter().map(|w| w.to_ascii_uppercase()).collect::<Vec<_>>().join("_")
}
