//! A service without identity, under a contract that requires no resource attribute.

use test_vocabulary::forms;

fn main() {
    let _telemetry = forms::telemetry(forms::Resource {}).install();
}
