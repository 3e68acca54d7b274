//! Time against size, drawn.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use plotters::prelude::*;

use crate::measured::Times;

/// Draws every group `growth: ...`: one curve each, sizes and times as multiples of its smallest, both logarithmic. A curve on
/// the diagonal grows in proportion.
pub fn draw(times: &Times, svg: &Path) -> Result<()> {
    let mut curves: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for (bench, nanos) in times {
        let (Some(what), Some(size)) = (bench.group.strip_prefix("growth: "), &bench.size) else {
            continue;
        };
        let size: f64 = size.parse().with_context(|| format!("{what}: size {size}"))?;
        curves.entry(what).or_default().push((size, *nanos));
    }
    ensure!(!curves.is_empty(), "no group `growth: ...` was measured");
    let mut relative = Vec::new();
    for (what, mut points) in curves {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (size, nanos) = points[0];
        let (last, longest) = points[points.len() - 1];
        println!(
            "{what}: {size} to {last}, {:.3} to {:.3} ms, time grows as size^{:.2}",
            nanos / 1e6,
            longest / 1e6,
            (longest / nanos).ln() / (last / size).ln()
        );
        relative.push((what, points.into_iter().map(|(s, n)| (s / size, n / nanos)).collect()));
    }
    paint(&relative, svg).map_err(|error| anyhow::anyhow!("{}: {error}", svg.display()))
}

type Curve<'a> = (&'a str, Vec<(f64, f64)>);

fn paint(curves: &[Curve<'_>], svg: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let most = |of: fn(&(f64, f64)) -> f64| {
        curves.iter().flat_map(|(_, points)| points).map(of).fold(1.0, f64::max)
    };
    let (widest, highest) = (most(|p| p.0), most(|p| p.1));
    let area = SVGBackend::new(svg, (760, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(58)
        .build_cartesian_2d((1.0..widest).log_scale(), (1.0..highest).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("size, as a multiple of the smallest")
        .y_desc("time, as a multiple of the shortest")
        .draw()?;
    let diagonal = widest.min(highest);
    chart.draw_series(LineSeries::new([(1.0, 1.0), (diagonal, diagonal)], BLACK.mix(0.25)))?;
    for (index, (what, points)) in curves.iter().enumerate() {
        let color = Palette99::pick(index).to_rgba();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?
            .label(*what)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    area.present()?;
    Ok(())
}
