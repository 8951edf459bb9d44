def test_trace_of__no_trace__is_all_zero(provenance, batch):
    assert tuple(provenance.traceOf(batch.batch_id)) == (b"\0" * 26, 0)
