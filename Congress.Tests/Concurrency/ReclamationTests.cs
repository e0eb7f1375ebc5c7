using System.Globalization;
using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Builtins;
using Congress.Policies;

namespace Congress.Tests.Concurrency;

/// <summary>Values that no row holds are forgotten, but not those that somebody is reading.</summary>
public sealed class ReclamationTests
{
    private const int Many = 70_000;

    [Fact]
    public void A_reader_has_its_values_however_many_come_and_go_before_it_goes_on()
    {
        using var engine = PolicyEngine.Create("""q("a"). p(y) :- q(x), concat(x, "b", y).""");
        engine.Insert("r", "ab");
        engine.Delete("r", "ab");   // a value that no row holds, and that the reader meets again
        using var reader = engine.Read("p");
        for (var round = 0; round < 3; round++)
        {
            var rows = Enumerable.Range(0, Many).Select(i => new Row(string.Create(CultureInfo.InvariantCulture, $"{i} in {round}"))).ToArray();
            engine.Apply(new PolicyBatch().InsertAll("r", rows)).ThrowIfRefused();
            engine.Apply(rows.Aggregate(new PolicyBatch(), (batch, row) => batch.Delete("r", row.AsSpan()))).ThrowIfRefused();
        }

        Assert.True(reader.Read());
        Assert.Equal("ab", reader.Current[0].AsText());
    }

    [Fact]
    public void A_reader_that_comes_while_unused_values_are_looked_for_keeps_its_own()
    {
        var engine = new Engine(BuiltinRegistry.Standard, new());
        var request = new EvaluationRequest(default, CancellationToken.None);
        void Change(PolicyBatch batch) => engine.Commit(engine.Propose(t => batch.ApplyTo(t, "policy", CancellationToken.None), request));
        Change(new PolicyBatch().CreatePolicy("policy").InsertRules("""q("a"). p(y) :- q(x), concat(x, "b", y).""").Insert("r", "ab"));
        var rows = Enumerable.Range(0, Many).Select(i => new Row($"{i}")).ToArray();
        Change(new PolicyBatch().InsertAll("s", rows));
        Change(rows.Skip(Many / 2).Aggregate(new PolicyBatch().Delete("r", "ab"), (batch, row) => batch.Delete("s", row.AsSpan())));

        var inUse = engine.FindUnused();
        using var reader = engine.Read(new TableName("policy", "p"), engine.Read(request));
        engine.Reclaim(inUse!);

        Assert.True(reader.Read());
        Assert.Equal(Value.Of("ab"), reader.Current[0]);
    }

    [Fact]
    public void Nothing_is_reclaimed_while_most_is_in_use()
    {
        var engine = new Engine(BuiltinRegistry.Standard, new());
        var request = new EvaluationRequest(default, CancellationToken.None);
        void Change(PolicyBatch batch) => engine.Commit(engine.Propose(t => batch.ApplyTo(t, "policy", CancellationToken.None), request));
        Change(new PolicyBatch().CreatePolicy("policy").Insert("r", "ab").InsertAll("s", Enumerable.Range(0, Many).Select(i => new Row($"{i}"))));
        Change(new PolicyBatch().Delete("r", "ab"));

        Assert.Null(engine.FindUnused());
    }
}
