//! Long timers of a page that ring when a test says so: what a screen does after a minute is looked
//! at without waiting for one, and does not happen while it is being looked at.

/// Runs before each page: timers of 20 s and more are held, and `ring(ms)` lets those of a length go
/// and says how many there were.
pub const HELD: &str = "
    const soon = window.setTimeout.bind(window), stop = window.clearTimeout.bind(window);
    window.held = new Map();
    let last = -1;
    window.setTimeout = (run, ms, ...rest) => {
        if (ms < 20000) return soon(run, ms, ...rest);
        held.set(--last, { run, ms });
        return last;
    };
    window.clearTimeout = id => held.delete(id) || stop(id);
    window.ring = ms => {
        const due = [...held].filter(([, timer]) => timer.ms === ms);
        due.forEach(([id, timer]) => { held.delete(id); timer.run(); });
        return due.length;
    };";
