using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Datalog.Programs;

/// <summary>Batches whose changes depend on each other.</summary>
public sealed class TransactionTests
{
    [Fact]
    public void A_table_that_a_batch_empties_may_get_rows_of_another_width()
    {
        using var engine = PolicyEngine.Create("q(1). q(2).");

        Assert.True(engine.Apply(new PolicyBatch().Delete("q", 1).Delete("q", 2).Insert("q", 3, 4)).Permitted);

        Assert.Equal([new Row(3, 4)], engine.Query("q(x, y)"));
    }

    [Fact]
    public void Rows_of_two_widths_in_one_batch_are_refused()
    {
        using var engine = PolicyEngine.Create("q(1). q(2).");

        Assert.False(engine.Apply(new PolicyBatch().Delete("q", 1).Insert("q", 3, 4)).Permitted);
        Assert.False(engine.Apply(new PolicyBatch().Insert("r", 1).Insert("r", 3, 4)).Permitted);

        Assert.Equal([new Row(1), new Row(2)], engine.Query("q(x)").Order());
    }
}
