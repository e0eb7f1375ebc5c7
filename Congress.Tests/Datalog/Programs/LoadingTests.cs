using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Datalog.Programs;

public sealed class LoadingTests
{
    private readonly PolicyEngine _engine = PolicyEngine.Create("declare a(n:int). declare b(n:int). error(n) :- a(n), b(n).");

    [Fact]
    public void The_rows_of_several_readers_are_one_change()
    {
        var before = _engine.Version;
        using var a = new Numbers(3);
        using var b = new Numbers(2);

        _engine.Apply(new PolicyBatch().InsertAll("a", a).InsertAll("policy:b", b)).ThrowIfRefused();

        Assert.Equal((before + 1, 2), (_engine.Version, _engine.Violations.Count));
    }

    [Fact]
    public void A_row_that_does_not_fit_names_where_it_comes_from_and_refuses_all()
    {
        using var a = new Numbers(3);
        using var b = new Numbers(3, wrongAt: 2);

        var result = _engine.Apply(new PolicyBatch().InsertAll("a", a, "a.facts").InsertAll("b", b, "b.facts"));

        Assert.False(result.Permitted);
        Assert.Equal("b.facts", Assert.Single(result.Diagnostics).Span.Source);
        Assert.Empty(_engine.Query("a(x)"));
    }

    [Fact]
    public void A_long_load_can_be_stopped_and_leaves_no_row()
    {
        using var stop = new CancellationTokenSource();
        using var a = new Numbers(int.MaxValue) { AtRow = (10_000, stop.Cancel) };

        Assert.Throws<OperationCanceledException>(() => _engine.Apply(new PolicyBatch().InsertAll("a", a), stop.Token));
        Assert.Empty(_engine.Query("a(x)"));
    }

    [Fact]
    public void A_batch_with_a_reader_is_applied_once()
    {
        using var a = new Numbers(1);
        var batch = new PolicyBatch().InsertAll("a", a);

        Assert.Empty(_engine.Preview(batch).Appeared);
        Assert.Throws<InvalidOperationException>(() => _engine.Apply(batch));
    }

    /// <summary>The numbers from 0 on, one a row; a text where one shall not fit.</summary>
    private sealed class Numbers(int count, int wrongAt = -1) : RowReader
    {
        private readonly Value[] _row = new Value[1];
        private int _next;

        public (int Row, Action Do)? AtRow { get; init; }

        public override int Width => 1;

        public override ReadOnlySpan<Value> Current => _row;

        public override bool Read()
        {
            if (_next == count)
            {
                return false;
            }

            if (AtRow is { } at && at.Row == _next)
            {
                at.Do();
            }

            _row[0] = _next == wrongAt ? "text" : _next;
            _next++;
            return true;
        }
    }
}
