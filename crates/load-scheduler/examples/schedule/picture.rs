//! `--svg`: load against limit and price.

use std::path::Path;

use anyhow::{Result, anyhow};
use evse_load_scheduler::{Joules, Problem};
use plotters::prelude::*;

/// Mean load of every slot with the background under it, in kW of the problem's unit.
#[expect(clippy::cast_precision_loss, reason = "a picture")]
pub(crate) fn load_of(problem: &Problem, loads: &[Joules]) -> Vec<f64> {
    let length = problem.grid().slot_length().raw() as f64;
    let background = |slot| problem.background(slot).raw() as f64;
    (0u32..)
        .zip(loads)
        .map(|(slot, load)| (background(slot) + load.raw() as f64 / length) / 1e3)
        .collect()
}

/// Draws the curves over the limit, with the price as a second axis.
pub(crate) fn draw(path: &Path, problem: &Problem, curves: &[(String, Vec<f64>)]) -> Result<()> {
    draw_all(path, problem, curves).map_err(|error| anyhow!("{}: {error}", path.display()))
}

#[expect(clippy::cast_precision_loss, reason = "a picture")]
fn draw_all(
    path: &Path,
    problem: &Problem,
    curves: &[(String, Vec<f64>)],
) -> Result<(), Box<dyn core::error::Error>> {
    let grid = problem.grid();
    let hours = |slot: usize| slot as f64 * grid.slot_length().raw() as f64 / 3_600.0;
    let slots = grid.slots();
    let limit: Vec<Option<f64>> =
        (0..slots).map(|slot| problem.import_cap(slot).map(|w| w.raw() as f64 / 1e3)).collect();
    let price: Vec<f64> = (0..slots).map(|slot| problem.price(slot).raw() as f64 / 1e6).collect();
    let loads = curves.iter().flat_map(|(_, curve)| curve).copied();
    let highest = limit.iter().flatten().copied().chain(loads).fold(1.0, f64::max) * 1.05;
    let dearest = price.iter().copied().fold(0.1, f64::max) * 3.0;
    let root = SVGBackend::new(path, (1_100, 520)).into_drawing_area();
    root.fill(&WHITE)?;
    let end = hours(slots as usize);
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(56)
        .right_y_label_area_size(48)
        .build_cartesian_2d(0.0..end, 0.0..highest)?
        .set_secondary_coord(0.0..end, 0.0..dearest);
    chart.configure_mesh().light_line_style(TRANSPARENT).x_desc("h").y_desc("kW").draw()?;
    chart.configure_secondary_axes().y_desc("price per kWh").draw()?;
    let steps = |values: &[f64]| -> Vec<(f64, f64)> {
        let step =
            |(slot, value): (usize, &f64)| [(hours(slot), *value), (hours(slot + 1), *value)];
        values.iter().enumerate().flat_map(step).collect()
    };
    chart.draw_secondary_series(AreaSeries::new(
        steps(&price),
        0.0,
        RGBColor(120, 120, 120).mix(0.15),
    ))?;
    let bounded: Vec<f64> = limit.iter().map(|limit| limit.unwrap_or(highest)).collect();
    if limit.iter().any(Option::is_some) {
        chart
            .draw_series(LineSeries::new(steps(&bounded), RED.stroke_width(2)))?
            .label("limit")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], RED));
    }
    for (number, (name, curve)) in curves.iter().enumerate() {
        let color = Palette99::pick(number).to_rgba();
        chart
            .draw_series(LineSeries::new(steps(curve), color.stroke_width(1)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color));
    }
    chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK).draw()?;
    root.present()?;
    Ok(())
}
