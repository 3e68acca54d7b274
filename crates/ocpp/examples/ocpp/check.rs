//! `check`: frames against the schemas.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, Result};
use evse_ocpp::message::{Action, DecodeError, Deviation, Mode, Version, path};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::input::write_line;

/// A line of the corpus.
#[derive(Deserialize)]
struct Row<'l> {
    #[serde(borrow)]
    id: Option<&'l RawValue>,
    version: Option<String>,
    action: Option<String>,
    #[serde(borrow)]
    frame: &'l RawValue,
}

/// A line of the output.
#[derive(Serialize)]
struct Verdict<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'l RawValue>,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deviations: Option<Vec<Noted>>,
}

#[derive(Serialize)]
struct Fault {
    code: &'static str,
    path: String,
    reason: String,
    at: u32,
}

#[derive(Serialize)]
struct Noted {
    kind: &'static str,
    path: String,
    at: u32,
}

pub(crate) fn run(version: Option<Version>, lenient: bool, file: Option<&Path>) -> Result<bool> {
    crate::input::each_line(file, |line, out| {
        let row = line.starts_with(b"{").then(|| serde_json::from_slice::<Row<'_>>(line));
        // Whatever is not a line of the corpus is a frame, sound or not.
        let Some(Ok(row)) = row else {
            let version = version.context("no version: give --version")?;
            let verdict = check(line, version, None, lenient)?;
            write_line(out, &verdict)?;
            return Ok(verdict.ok);
        };
        let own = row.version.as_deref();
        let own = own.map(|v| Version::parse(v).with_context(|| format!("unknown version {v}")));
        let version = own.transpose()?.or(version);
        let version = version.context("no version: give --version or a `version` in the line")?;
        // The frame's text as a string; a frame that stands in the line as it is will do, too.
        let text: Cow<'_, str> = match row.frame.get().starts_with('"') {
            true => serde_json::from_str::<String>(row.frame.get())?.into(),
            false => row.frame.get().into(),
        };
        let pending = row.action.and_then(|action| crate::schema(version).action(&action));
        let verdict = check(text.as_bytes(), version, pending, lenient)?;
        write_line(out, &Verdict { id: row.id, ..verdict })?;
        Ok(verdict.ok)
    })
}

fn check(
    frame: &[u8],
    version: Version,
    pending: Option<&'static Action>,
    lenient: bool,
) -> Result<Verdict<'static>> {
    let mut deviations = Vec::new();
    let mut sink = |Deviation { kind, at, .. }| {
        deviations.push(Noted { kind: kind.as_str(), path: path(frame, at).to_string(), at });
    };
    let mut mode = if lenient { Mode::Lenient(&mut sink) } else { Mode::Strict };
    let decoded = crate::schema(version).decode(frame, &mut mode, &mut |_| pending);
    let (text, error) = match decoded {
        Ok(decoded) => {
            let mut text = String::with_capacity(frame.len());
            decoded.write(&mut text)?;
            (Some(text), None)
        }
        Err(error) => (None, Some(fault(&error, version, frame))),
    };
    let deviations = lenient.then_some(deviations);
    Ok(Verdict { id: None, ok: text.is_some(), frame: text, error, deviations })
}

fn fault(error: &DecodeError, version: Version, frame: &[u8]) -> Fault {
    Fault {
        code: error.code(version).as_str(version),
        path: error.path(frame).to_string(),
        reason: error.reason.to_string(),
        at: error.at,
    }
}
