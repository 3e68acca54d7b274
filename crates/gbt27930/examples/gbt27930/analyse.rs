//! `analyse`: a report on each session of a capture.

use std::io::Write;

use evse_gbt27930::Edition;
use evse_gbt27930::analysis::Analyzer;

use crate::Outcome;
use crate::input::Input;

pub(crate) fn analyse(
    file: &str,
    edition: Option<Edition>,
    json: bool,
    identifiers: bool,
) -> anyhow::Result<Outcome> {
    let input = Input::read(file)?;
    let mut refused = 0;
    let mut analyzer = Analyzer::new(edition);
    for record in input.records(&mut refused) {
        analyzer.observe(record.micros, record.frame.as_ref());
    }
    let report = analyzer.finish();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if json {
        serde_json::to_writer_pretty(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
        if identifiers {
            for (number, session) in report.sessions.iter().enumerate() {
                if let Some(vin) = &session.vehicle.vin {
                    writeln!(out, "Session {}: VIN {}", number + 1, vin.escaped())?;
                }
            }
        }
    }
    out.flush()?;
    Ok(if refused == 0 { Outcome::AllWell } else { Outcome::SomeRefused })
}
