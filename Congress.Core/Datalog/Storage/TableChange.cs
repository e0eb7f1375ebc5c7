namespace Congress.Datalog.Storage;

/// <summary>What a change does to one table, beside the committed rows: these stay as they are until the commit.</summary>
internal sealed class TableChange
{
    private Relation? _deleted;
    private Relation? _inserted;

    /// <summary>A change that adds rows and removes others.</summary>
    public TableChange(Relation? before, Relation removed, Relation added) => (Before, Removed, Added) = (before, removed, added);

    /// <summary>A change that computes the table anew.</summary>
    public TableChange(Relation? before, Relation replacement)
    {
        (Before, Replacement) = (before, replacement);
        (Removed, Added) = (new(before?.Arity ?? replacement.Arity), new(replacement.Arity));
    }

    /// <summary>The committed rows; null when there are none.</summary>
    public Relation? Before { get; }

    /// <summary>The rows after the change, when they were computed anew; null when <see cref="Removed"/> and <see cref="Added"/> tell them.</summary>
    public Relation? Replacement { get; }

    /// <summary>The committed rows that go. A row may also be among those that are added: then only its height changes.</summary>
    public Relation Removed { get; }

    /// <summary>The rows that come.</summary>
    public Relation Added { get; }

    /// <summary>What the table loses, net.</summary>
    public Relation Deleted => _deleted ??= Replacement is null ? Without(Removed, Added) : Without(Before ?? new(Replacement.Arity), Replacement);

    /// <summary>What the table gains, net.</summary>
    public Relation Inserted => _inserted ??= Replacement is null ? Without(Added, Removed) : Without(Replacement, Before ?? new(Replacement.Arity));

    /// <summary>Whether nothing changes, seen from outside.</summary>
    public bool IsEmpty => Deleted.Count == 0 && Inserted.Count == 0;

    /// <summary>Tells that more rows have been added or removed, so that what is net is worked out again.</summary>
    public void Touch() => (_deleted, _inserted) = (null, null);

    /// <summary>Whether a row is in the table after the change.</summary>
    public bool Contains(ReadOnlySpan<int> row) => Replacement is not null ? Replacement.Contains(row)
        : Added.Arity == row.Length && (Added.Contains(row) || (Before is not null && Before.Arity == row.Length && Before.Contains(row) && !Removed.Contains(row)));

    private static Relation Without(Relation rows, Relation others)
    {
        if (others.Count == 0 || rows.Count == 0 || rows.Arity != others.Arity)
        {
            return rows;
        }

        var result = new Relation(rows.Arity);
        for (var row = 0; row < rows.Count; row++)
        {
            if (!others.Contains(rows[row]))
            {
                result.Add(rows[row]);
            }
        }

        return result;
    }
}
