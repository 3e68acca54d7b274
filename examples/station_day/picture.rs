//! Step 7: the day as a picture.

use anyhow::Result;
use evse_tariff::Band;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::billing::SzZ22;
use crate::planning::{Curve, Planned};

const SIZE: (u32, u32) = (1_200, 640);
/// Enough for one every two hours over a day and a half.
const X_LABELS: usize = 20;
const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
const BACKGROUND: RGBColor = RGBColor(0x9a, 0xa5, 0xb1);
const LIMIT: RGBColor = RGBColor(0xc6, 0x28, 0x28);

/// Fill behind the hours of a band: the dearer, the warmer.
fn tint(band: Band) -> RGBColor {
    match band {
        Band::Sharp => RGBColor(0xff, 0xd5, 0xc8),
        Band::Peak => RGBColor(0xff, 0xe8, 0xd9),
        Band::Valley | Band::DeepValley => RGBColor(0xe4, 0xf4, 0xe6),
        _ => RGBColor(0xff, 0xfb, 0xe8),
    }
}

/// Draws background, uncontrolled and planned load, the limit and the price bands, in 5-minute means.
pub fn draw(plan: &Planned, tariff: &SzZ22) -> Result<String> {
    let mut svg = String::new();
    draw_on(&SVGBackend::with_string(&mut svg, SIZE).into_drawing_area(), plan, tariff)
        .map_err(|error| anyhow::anyhow!("the picture: {error}"))?;
    Ok(svg)
}

fn draw_on<'a>(
    area: &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
    plan: &Planned,
    tariff: &SzZ22,
) -> Result<(), Box<dyn std::error::Error + 'a>> {
    area.fill(&WHITE)?;
    let limit_kw = plan.limit_kw;
    let curves = &plan.curves;
    let highest = curves
        .lines
        .iter()
        .flat_map(|curve| curve.kw.iter().copied())
        .chain([limit_kw])
        .fold(0.0, f64::max);
    let hours = curves.hours_per_step * step_count(curves);
    // Room above the curves for the legend.
    let top = highest * 1.45;

    let title = format!("{}: load under a limit of {limit_kw} kW", plan.scene);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 24).into_font().color(&INK))
        .margin(16)
        .x_label_area_size(48)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..hours, 0.0..top)?;

    let days = (hours / 24.0).ceil().max(1.0);
    let mut day = 0.0;
    while day < days {
        for (start, end, band) in tariff.periods() {
            let from = day * 24.0 + f64::from(start) / 60.0;
            let to = (day * 24.0 + f64::from(end) / 60.0).min(hours);
            if from >= to {
                continue;
            }
            let fill = tint(band).filled();
            chart.draw_series([Rectangle::new([(from, 0.0), (to, top)], fill)])?;
            if to - from >= 1.5 {
                let style = ("sans-serif", 14)
                    .into_font()
                    .color(&INK.mix(0.7))
                    .pos(Pos::new(HPos::Center, VPos::Top));
                let middle = (from + to) / 2.0;
                chart.draw_series([Text::new(band.to_string(), (middle, top * 0.99), style)])?;
            }
        }
        day += 1.0;
    }

    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.15))
        .axis_style(INK)
        .x_labels(X_LABELS)
        .x_label_formatter(&|hour| format!("{:02.0}:00", hour % 24.0))
        .x_desc("local time")
        .y_label_formatter(&|kw| format!("{kw:.0}"))
        .y_desc("load, kW (5-minute mean)")
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 16).into_font().color(&INK))
        .draw()?;

    let step = curves.hours_per_step;
    let points = |curve: &Curve| -> Vec<(f64, f64)> {
        // A step holds for its whole five minutes.
        let mut at = 0.0;
        let mut points = Vec::with_capacity(curve.kw.len() * 2);
        for kw in &curve.kw {
            points.extend([(at, *kw), (at + step, *kw)]);
            at += step;
        }
        points
    };
    chart
        .draw_series(AreaSeries::new(points(&curves.background), 0.0, BACKGROUND.mix(0.55)))?
        .label("background")
        .legend(|(x, y)| {
            Rectangle::new([(x, y - 5), (x + 20, y + 5)], BACKGROUND.mix(0.55).filled())
        });
    // Where lines coincide the broader ones show on both sides of the narrower ones drawn after them.
    let strokes = [
        RGBColor(0xce, 0x93, 0xd8).stroke_width(6),
        RGBColor(0x1e, 0x88, 0xe5).stroke_width(3),
        RGBColor(0x00, 0x4d, 0x40).stroke_width(1),
    ];
    for (curve, style) in curves.lines.iter().zip(strokes.into_iter().cycle()) {
        chart
            .draw_series(LineSeries::new(points(curve), style))?
            .label(curve.label.clone())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
    }
    let style = LIMIT.stroke_width(2);
    chart
        .draw_series(LineSeries::new([(0.0, limit_kw), (hours, limit_kw)], style))?
        .label(format!("limit {limit_kw} kW"))
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::Coordinate(10, 26))
        .margin(10)
        .background_style(WHITE.mix(0.85))
        .border_style(INK.mix(0.3))
        .label_font(("sans-serif", 15).into_font().color(&INK))
        .draw()?;
    area.present()?;
    Ok(())
}

fn step_count(curves: &crate::planning::Curves) -> f64 {
    curves.background.kw.iter().map(|_| 1.0).sum()
}
