using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The rows that a step reads: part of one relation, then perhaps part of a second, which has no row of the first.</summary>
/// <remarks>So a changed table is read without changing it: the old rows without those that go, then those that come.</remarks>
internal readonly record struct TableView(TablePart First, TablePart Second = default)
{
    /// <summary>All rows of a relation.</summary>
    public static TableView Of(Relation relation) => new(new(relation, 0, relation.Count));

    /// <summary>Whether a row is in the table.</summary>
    public bool Contains(ReadOnlySpan<int> row) => First.Contains(row) || (Second.Relation is not null && Second.Contains(row));

    /// <summary>The number of rows.</summary>
    public long Count => First.Count + (Second.Relation is null ? 0 : Second.Count);

    /// <summary>A relation with all rows; the first part's own one where it has them all.</summary>
    public Relation ToRelation()
    {
        if (Second.Relation is null && First.IsWhole)
        {
            return First.Relation;
        }

        var rows = new Relation(First.Relation.Arity);
        First.CopyTo(rows);
        if (Second.Relation is not null)
        {
            Second.CopyTo(rows);
        }

        return rows;
    }
}

/// <summary>Some rows of a relation.</summary>
/// <param name="Relation">The relation.</param>
/// <param name="From">The first row.</param>
/// <param name="To">The row behind the last.</param>
/// <param name="Without">Rows of the range that do not count; null for none.</param>
/// <param name="Below">The height that all rows must be below.</param>
internal readonly record struct TablePart(Relation Relation, int From, int To, Relation? Without = null, int Below = int.MaxValue)
{
    public bool IsWhole => From == 0 && To == Relation.Count && Without is null && Below == int.MaxValue;

    public long Count => To - From - (Without?.Count ?? 0);

    /// <summary>Whether a row of the relation, which is in the range, counts.</summary>
    public bool Admits(int row) =>
        (Without is null || !Without.Contains(Relation[row])) && (Below == int.MaxValue || Relation.HeightOf(row) < Below);

    public bool Contains(ReadOnlySpan<int> row) => Relation.Find(row) is var found && found >= From && found < To && Admits(found);

    public void CopyTo(Relation target)
    {
        for (var row = From; row < To; row++)
        {
            if (Admits(row))
            {
                target.Add(Relation[row]);
            }
        }
    }
}
