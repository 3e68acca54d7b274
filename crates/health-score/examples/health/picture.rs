//! The wear of one charger over time, as SVG.

use anyhow::Result;
use evse_health_score::degradation::Signal;
use plotters::prelude::*;

use crate::explain::History;

const SIZE: (u32, u32) = (1_000, 520);
const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
const END: RGBColor = RGBColor(0xc6, 0x28, 0x28);

/// A colour for each signal, apart from its neighbours'.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0xff, 0x7f, 0x0e),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0x8c, 0x56, 0x4b),
    RGBColor(0xe3, 0x77, 0xc2),
    RGBColor(0x7f, 0x7f, 0x7f),
    RGBColor(0x17, 0xbe, 0xcf),
];

/// Progress of every signal, the end of life, and a dot where an alarm was raised.
pub(crate) fn draw(name: &str, history: &History) -> Result<String> {
    let mut svg = String::new();
    draw_on(&SVGBackend::with_string(&mut svg, SIZE).into_drawing_area(), name, history)
        .map_err(|error| anyhow::anyhow!("the picture: {error}"))?;
    Ok(svg)
}

fn draw_on<'a>(
    area: &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
    name: &str,
    history: &History,
) -> Result<(), Box<dyn core::error::Error + 'a>> {
    area.fill(&WHITE)?;
    let last = history.last.to_days_f64().max(1.0);
    let highest = history.progress.iter().map(|(_, _, x)| *x).fold(1.0, f64::max).min(3.0);
    let mut chart = ChartBuilder::on(area)
        .caption(format!("Charger {name}: wear"), ("sans-serif", 22).into_font().color(&INK))
        .margin(14)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..last, -0.1..highest * 1.1)?;
    chart
        .configure_mesh()
        .x_desc("day")
        .y_desc("progress to the end of life")
        .light_line_style(WHITE)
        .draw()?;
    chart.draw_series(LineSeries::new([(0.0, 1.0), (last, 1.0)], END.stroke_width(1)))?;
    for (signal, colour) in Signal::ALL.into_iter().zip(COLOURS) {
        let of = |(day, found, x): &(f64, Signal, f64)| (*found == signal).then_some((*day, *x));
        let line = LineSeries::new(history.progress.iter().filter_map(of), colour.stroke_width(2));
        chart
            .draw_series(line)?
            .label(signal.name())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        let alarms = history.alarms.iter().filter(|(_, found)| *found == signal);
        let dots = alarms.map(|(day, _)| {
            Circle::new((*day, progress_at(history, signal, *day)), 5, colour.filled())
        });
        chart.draw_series(dots)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .draw()?;
    area.present()?;
    Ok(())
}

fn progress_at(history: &History, signal: Signal, day: f64) -> f64 {
    let earlier = |(at, found, _): &&(f64, Signal, f64)| *found == signal && *at <= day;
    history.progress.iter().filter(earlier).map(|(_, _, x)| *x).next_back().unwrap_or(0.0)
}
