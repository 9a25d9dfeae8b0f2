//! A service that does not say what it is: no attribute is forgotten, since the contract asks for none.

use test_vocabulary::forms;

fn main() {
    let _telemetry = forms::telemetry(forms::Resource {}).install();
}
