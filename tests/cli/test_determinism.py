"""The same bytes on any number of threads, as the program's user meets them."""

import h5py
import pytest
from conftest import Ohmlab
from sealed import SEAL_BYTES

LEARNING = """\
data = {kind = "bars_and_stripes", size = 8}
model.hidden = 100
rule = {kind = "pcd", chains = 96}
training.epochs = 1
training.batch = 128
"""
TRAIN = LEARNING + "evaluation = {every = 1, ais = {temperatures = 20, chains = 96}}\n"
CASES = {
    "ideal": TRAIN,
    "reference_adc": TRAIN + '[array]\nkind = "analog"\nmapping = "reference"\noutput_noise = 0.06\n',
    "pair_comparator": 'neuron = "comparator"\ntraining.statistics = "samples"\n'
    + TRAIN
    + '[array]\nkind = "analog"\nmapping = "pair"\n[array.device]\nbase = "devices/gokmen_vlasov"\n',
    "deploy_pcm": 'kind = "deploy"\n'
    + LEARNING
    + '[array]\nkind = "analog"\nmapping = "pair"\n[array.device]\nbase = "devices/pcm"\n',
}


def without_facts(ohmlab: Ohmlab, file: str) -> bytes:
    """The bytes of a result file whose volatile facts, attributes of /run, were overwritten in place."""
    with h5py.File(ohmlab.folder / file, "r+") as stored:
        facts = stored["run"].attrs
        started = facts["started"].encode()
        facts.modify("seconds", 0.0)
        facts.modify("threads", 0)
    content = (ohmlab.folder / file).read_bytes()[SEAL_BYTES:]
    assert content.count(started) == 1
    return content.replace(started, bytes(len(started)))


@pytest.mark.parametrize("name", CASES)
def test_a_result_file_has_the_same_bytes_on_1_2_and_4_threads(ohmlab: Ohmlab, name: str) -> None:
    (ohmlab.folder / "case.toml").write_text(CASES[name])
    for threads in ("1", "2", "4"):
        ohmlab("run", "case.toml", "--threads", threads, "--out", f"{threads}.h5")
        with h5py.File(ohmlab.folder / f"{threads}.h5") as stored:
            assert stored["run"].attrs["threads"] == int(threads)
    one, two, four = (without_facts(ohmlab, f"{threads}.h5") for threads in ("1", "2", "4"))
    assert one == two
    assert one == four
