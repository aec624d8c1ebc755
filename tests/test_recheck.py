"""What judging the items again leaves behind."""

from __future__ import annotations

from extract.executors import Serial
from extract.pipeline import run
from extract.recheck import recheck
from extract.shards import Shard
from extract.stages.publish import runs, shards_read
from extract.status import status
from tests import making


def test_judging_again_is_a_run_that_is_about_no_inputs(tmp_path):
    (tmp_path / "a.txt").write_bytes(making.text(c201="1.00"))
    run(
        [tmp_path / "a.txt"],
        tmp_path / "out",
        executor=Serial(),
        read=making.read,
        shard=Shard(1, 1),
    )
    before = shards_read(tmp_path / "out")
    told = recheck(tmp_path / "out")
    last, first = runs(tmp_path / "out")
    assert (list(last["inputs"]), last["changed"], first["changed"]) == ([], told.changed, 0)
    assert list(last["changed_ids"]) == list(
        first["added_ids"]
    )  # it judges what was made up by itself
    assert status(tmp_path / "out").last.run_id == last["run_id"]
    assert shards_read(tmp_path / "out") == before == ["1/1"]
