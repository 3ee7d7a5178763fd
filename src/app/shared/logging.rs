//! Diagnostics on standard error for `-v` and `-vv`: credaudit's own lines only. What the libraries
//! below it would say is not shown at any level, since it may quote headers and bodies.

use tracing_subscriber::EnvFilter;

pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => "credaudit=info",
        _ => "credaudit=debug",
    };
    // A second start (in tests) keeps the first one's settings.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .try_init();
}
