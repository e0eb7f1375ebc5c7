namespace Congress.Datalog.Programs;

/// <summary>How the active rules use a table: with how many columns, in how many heads and in how many bodies.</summary>
internal readonly record struct TableUse(int Arity, int Heads, int Bodies)
{
    public bool IsUsed => Heads + Bodies > 0;
}
