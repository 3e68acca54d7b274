//! `decode`: frames to messages.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use evse_gbt27930::capture::{EditionEvidence, Heard, Listener};
use evse_gbt27930::table::Fields;
use evse_gbt27930::{CanId, Edition, MessageKind};
use serde::Serialize;

use crate::Refused;
use crate::input::{Complaints, each_record, read};

/// One line of output.
#[derive(Serialize)]
struct Line<'a> {
    /// Seconds, `null` for plain `ID#DATA` lines.
    t: Option<f64>,
    frame: u64,
    can_id: String,
    message: &'a str,
    edition: Edition,
    transport: &'static str,
    payload_hex: String,
    fields: Shown<'a>,
    /// What is odd about the message; absent if nothing is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Fields(Fields<'a>),
    None {},
}

pub(crate) fn run(
    edition: Option<Edition>,
    all: bool,
    file: &Path,
    out: &mut impl Write,
) -> Result<Refused> {
    let text = read(file)?;
    let edition = match edition {
        Some(edition) => edition,
        None => infer(&text)?,
    };
    let mut complaints = Complaints::new(file);
    let mut listener = Listener::new();
    let mut foreign = 0_u64;
    each_record(&text, Some(&mut complaints), |index, record| {
        let t = record.micros.map(seconds);
        let Some(frame) = record.frame else {
            foreign += 1;
            if all {
                let can_id = if record.is_extended {
                    format!("{:08X}", record.id)
                } else {
                    format!("{:03X}", record.id)
                };
                let payload = String::from_utf8_lossy(record.data).to_uppercase();
                write_foreign(out, t, index, can_id, edition, payload)?;
            }
            return Ok(());
        };
        let (can_id, name, transport, payload, kind) = match listener.handle_frame(&frame) {
            Heard::Message { kind, payload, is_multi_packet } => {
                // A single frame under its own identifier: the priority may differ from the table's.
                let id = if is_multi_packet { id_of(kind, &frame) } else { frame.id() };
                (id, kind.code(), transport(is_multi_packet), payload, Some(kind))
            }
            Heard::Unknown { id, payload, is_multi_packet } => {
                (id, "(unknown)", transport(is_multi_packet), payload, None)
            }
            Heard::Foreign => {
                foreign += 1;
                if all {
                    let payload = upper_hex(frame.data());
                    write_foreign(out, t, index, frame.id().to_string(), edition, payload)?;
                }
                return Ok(());
            }
            Heard::Transport(_) => return Ok(()),
        };
        let fields = kind.map(|kind| Fields::new(kind, payload, edition));
        let line = Line {
            t,
            frame: index,
            can_id: can_id.to_string(),
            message: name,
            edition,
            transport,
            payload_hex: upper_hex(payload),
            flags: fields.as_ref().map(flags).unwrap_or_default(),
            fields: fields.map_or(Shown::None {}, Shown::Fields),
        };
        write_line(out, &line)
    })?;
    if foreign > 0 && !all {
        eprintln!("{foreign} frames of other address pairs (--all prints them)");
    }
    Ok(complaints.finish())
}

/// What the whole capture says about its edition.
pub(crate) fn infer(text: &[u8]) -> Result<Edition> {
    let mut listener = Listener::new();
    let mut evidence = EditionEvidence::new();
    each_record(text, None, |_, record| {
        if let Some(frame) = record.frame
            && let Heard::Message { kind, payload, .. } = listener.handle_frame(&frame)
        {
            evidence.observe(kind, payload);
        }
        Ok(())
    })?;
    Ok(evidence.edition())
}

/// What the table says against a payload: never a reason to refuse it.
fn flags(fields: &Fields<'_>) -> Vec<String> {
    let mut flags = Vec::new();
    let (info, len) = (fields.kind().info(), fields.payload().len());
    if info.length_in(fields.edition()) == 0 && info.length != 0 {
        flags.push("not_in_edition".to_owned());
    } else if len < info.minimum.into() {
        flags.push("truncated".to_owned());
    } else if !info.is_usual_length(fields.edition(), len) {
        flags.push("unusual_length".to_owned());
    }
    flags.extend(fields.out_of_range().map(|value| format!("out_of_range:{}", value.field.name)));
    flags
}

/// Identifier of a multi-packet message: the one that it would have as a single frame.
fn id_of(kind: MessageKind, frame: &evse_gbt27930::Frame) -> CanId {
    let info = kind.info();
    frame.id().sender().map_or(info.can_id(), |by| CanId::new(info.priority, info.pf, by))
}

const fn transport(is_multi_packet: bool) -> &'static str {
    if is_multi_packet { "tp" } else { "single" }
}

fn write_foreign(
    out: &mut impl Write,
    t: Option<f64>,
    frame: u64,
    can_id: String,
    edition: Edition,
    payload_hex: String,
) -> Result<()> {
    let line = Line {
        t,
        frame,
        can_id,
        message: "(foreign)",
        edition,
        transport: "single",
        payload_hex,
        fields: Shown::None {},
        flags: Vec::new(),
    };
    write_line(out, &line)
}

fn write_line(out: &mut impl Write, line: &Line<'_>) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A time stamp for people: 52 bits hold microseconds since 1970 for another century.
#[allow(clippy::cast_precision_loss, reason = "a display value")]
pub(crate) fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

pub(crate) fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
