using Congress.Data;
using Congress.Datasources;

namespace Congress.Tests.Datasources;

public sealed class TableDiffTests
{
    [Fact]
    public void Rows_that_came_and_went_are_told_and_the_rest_is_not()
    {
        var diff = Assert.Single(TableDiff.Between(
            Reading(("a", [new("x", 1), new("y", 2)]), ("b", [new("same")])),
            Reading(("a", [new("y", 2), new("x", 3)]), ("b", [new("same")]))));

        Assert.Equal("a", diff.Table);
        Assert.Equal([new Row("x", 3)], diff.Inserted);
        Assert.Equal([new Row("x", 1)], diff.Deleted);
    }

    [Fact]
    public void A_first_reading_brings_all_its_rows_and_a_table_that_is_missing_has_none()
    {
        var reading = Reading(("b", [new(1), new(2)]), ("a", [new("x")]), ("empty", []));

        var first = TableDiff.Between(Reading(), reading);
        var last = TableDiff.Between(reading, Reading());

        Assert.Equal([("a", 1, 0), ("b", 2, 0)], first.Select(d => (d.Table, d.Inserted.Count, d.Deleted.Count)));
        Assert.Equal([("a", 0, 1), ("b", 0, 2)], last.Select(d => (d.Table, d.Inserted.Count, d.Deleted.Count)));
    }

    [Fact]
    public void Readings_with_the_same_rows_in_another_order_or_collection_do_not_differ() => Assert.Empty(TableDiff.Between(
        Reading(("a", [new(1), new(2)])), Reading(("a", new HashSet<Row> { new(2), new(1) }))));

    [Fact]
    public void Values_of_two_kinds_are_two_rows()
    {
        var diff = Assert.Single(TableDiff.Between(Reading(("a", [new(1)])), Reading(("a", [new("1")]))));

        Assert.Equal((1, 1), (diff.Inserted.Count, diff.Deleted.Count));
    }

    private static Dictionary<string, IReadOnlyCollection<Row>> Reading(params (string Table, IReadOnlyCollection<Row> Rows)[] tables) =>
        tables.ToDictionary(t => t.Table, t => t.Rows, StringComparer.Ordinal);
}
