namespace Congress.Datalog.Storage;

/// <summary>The rows of a derived table that is kept up to date.</summary>
/// <param name="Rows">The rows, facts included.</param>
/// <param name="Recursion">The recursion that the table belongs to; null for none.</param>
internal sealed record DerivedTable(Relation Rows, Recursion? Recursion);

/// <summary>What the tables of a recursive component share: they were computed together, and their heights can be compared.</summary>
/// <param name="tables">The number of tables; were there others, a row might be supported by one that is higher.</param>
internal sealed class Recursion(int tables)
{
    public int Tables => tables;

    /// <summary>The greatest height that has been given out.</summary>
    public int Height { get; set; }
}
