//! Small charts of bars, drawn by the server. Each bar says its numbers, and a table beneath has them all.

/// How many units high a chart is drawn.
pub const HEIGHT: u32 = 40;
/// How many units from one bar to the next.
const STEP: u32 = 5;
/// How much of that the bar takes.
pub const WIDTH: u32 = 4;
/// The least that a bar shows of itself.
const LEAST: u32 = 2;

/// How a bar looks; its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A number like others.
    Plain,
    /// As it should be.
    Good,
    /// Not as it should be.
    Warns,
    /// Bad.
    Fails,
}

impl Tone {
    /// The class that draws it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "bar bar--plain",
            Self::Good => "bar bar--good",
            Self::Warns => "bar bar--warns",
            Self::Fails => "bar bar--fails",
        }
    }
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Where it begins.
    pub x: u32,
    /// How high it is.
    pub height: u32,
    /// How it looks.
    pub tone: Tone,
    /// What it stands for.
    pub words: String,
}

impl Bar {
    /// Where its upper end is.
    #[must_use]
    pub const fn y(&self) -> u32 {
        HEIGHT - self.height
    }
}

/// Bars from the oldest to the latest.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// The bars.
    pub bars: Vec<Bar>,
    /// For how many there is room, so that few do not look like many.
    places: u32,
}

impl Chart {
    /// Draws values with their words, as high as their part of `most`; as many as there are places, at the right end.
    pub fn draw(places: usize, most: f64, values: impl ExactSizeIterator<Item = (f64, Tone, String)>) -> Self {
        let places = u32::try_from(places).unwrap_or(u32::MAX / STEP);
        let empty = places.saturating_sub(u32::try_from(values.len()).unwrap_or(places));
        let bars = values.zip(empty..).map(|((value, tone, words), place)| {
            let part = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to HEIGHT")]
            let height = (part * f64::from(HEIGHT)).round() as u32;
            Bar { x: place * STEP, height: height.max(LEAST), tone, words }
        });
        Self { bars: bars.collect(), places }
    }

    /// How many units wide it is drawn.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.places * STEP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_at_the_right_end_and_never_leave_the_chart() {
        let values =
            [(0.0, Tone::Plain, String::new()), (5.0, Tone::Good, String::new()), (99.0, Tone::Fails, String::new())];
        let chart = Chart::draw(10, 10.0, values.into_iter());
        let drawn: Vec<_> = chart.bars.iter().map(|bar| (bar.x, bar.y(), bar.height)).collect();
        assert_eq!(drawn, [(35, 38, LEAST), (40, 20, 20), (45, 0, HEIGHT)]);
        assert_eq!(chart.width(), 50);
        assert!(Chart::draw(10, 0.0, std::iter::empty()).bars.is_empty());
    }
}
