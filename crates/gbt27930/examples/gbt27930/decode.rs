//! `decode`: a capture to JSON Lines.

use std::io::Write;

use evse_gbt27930::capture::{EditionEvidence, Heard, Listener};
use evse_gbt27930::table::Fields;
use evse_gbt27930::{CanId, Edition};
use serde::Serialize;

use crate::Outcome;
use crate::input::{Input, upper_hex};

/// A line of output.
#[derive(Serialize)]
struct Line<'a> {
    t: Option<f64>,
    frame: usize,
    can_id: String,
    message: &'a str,
    edition: Edition,
    transport: &'static str,
    payload_hex: String,
    fields: FieldsOrNone<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum FieldsOrNone<'a> {
    Fields(Fields<'a>),
    None {},
}

pub(crate) fn decode(file: &str, edition: Option<Edition>, all: bool) -> anyhow::Result<Outcome> {
    let input = Input::read(file)?;
    let edition = edition.unwrap_or_else(|| infer(&input));
    let mut refused = 0;
    let mut foreign = 0_usize;
    let mut listener = Listener::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (frame, record) in input.records(&mut refused).enumerate() {
        let t = record.micros.map(|micros| micros as f64 / 1e6);
        let heard = record.frame.as_ref().map_or(Heard::Foreign, |f| listener.handle_frame(f));
        let transport = |is_multi_packet| if is_multi_packet { "tp" } else { "single" };
        let line = match heard {
            Heard::Message { kind, payload, is_multi_packet } => {
                // Messages of either party keep the identifier they came under.
                let single = record.frame.map_or(kind.info().can_id(), |f| f.id());
                let shown = if is_multi_packet { kind.info().can_id() } else { single };
                Line {
                    t,
                    frame,
                    can_id: shown.to_string(),
                    message: kind.code(),
                    edition,
                    transport: transport(is_multi_packet),
                    payload_hex: upper_hex(payload),
                    fields: FieldsOrNone::Fields(Fields::new(kind, payload, edition)),
                }
            }
            Heard::Unknown { id, payload, is_multi_packet } => Line {
                t,
                frame,
                can_id: id.to_string(),
                message: "(unknown)",
                edition,
                transport: transport(is_multi_packet),
                payload_hex: upper_hex(payload),
                fields: FieldsOrNone::None {},
            },
            Heard::Foreign => {
                foreign += 1;
                if !all {
                    continue;
                }
                Line {
                    t,
                    frame,
                    can_id: record
                        .frame
                        .map_or_else(|| short_id(record.id, record.data), |f| f.id().to_string()),
                    message: "(foreign)",
                    edition,
                    transport: "single",
                    payload_hex: String::from_utf8_lossy(record.data).to_uppercase(),
                    fields: FieldsOrNone::None {},
                }
            }
            Heard::Transport(_) => continue,
        };
        serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    if foreign > 0 {
        eprintln!("{foreign} frames of other addresses");
    }
    Ok(if refused == 0 { Outcome::AllWell } else { Outcome::SomeRefused })
}

/// An identifier that is no extended data frame's: 3 digits for 11 bits.
fn short_id(id: u32, data: &[u8]) -> String {
    let is_special = matches!(data.first(), Some(b'R' | b'r' | b'#'));
    if id > 0x7FF || is_special {
        CanId::from_raw(id).map_or_else(|| format!("{id:X}"), |id| id.to_string())
    } else {
        format!("{id:03X}")
    }
}

/// The edition of a capture. Lines that cannot be read are named when they are decoded.
pub(crate) fn infer(input: &Input) -> Edition {
    let mut evidence = EditionEvidence::new();
    let mut listener = Listener::new();
    for (_, line) in input.lines() {
        let Ok(Some(record)) = evse_gbt27930::candump::Record::parse(line) else { continue };
        let Some(frame) = record.frame else { continue };
        if let Heard::Message { kind, payload, .. } = listener.handle_frame(&frame) {
            evidence.observe(kind, payload);
        }
    }
    evidence.edition()
}
