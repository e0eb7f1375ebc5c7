using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>Which derived tables are kept up to date: those that somebody depends on, and all that these are computed from.</summary>
internal sealed class Demand(PolicyProgram program, Database database, Func<TableName, bool> isWanted)
{
    private readonly HashSet<TableName> _new = [];

    /// <summary>The derived tables that are not kept yet and must be.</summary>
    public IReadOnlySet<TableName> New => _new;

    /// <summary>Takes in a table that somebody depends on.</summary>
    public void Add(TableName table)
    {
        var stack = new Stack<TableName>([table]);
        while (stack.TryPop(out var next))
        {
            var definitions = program.DefinitionsOf(next);
            if (definitions.Length > 0 && (next == table || database.DerivedOf(next) is null) && (database.DerivedOf(next) is not null || _new.Add(next)))
            {
                foreach (var used in definitions.SelectMany(r => r.Tables))
                {
                    if (database.DerivedOf(used.Table) is null && !_new.Contains(used.Table))
                    {
                        stack.Push(used.Table);
                    }
                }
            }
        }
    }

    /// <summary>Takes in a rule that becomes active.</summary>
    public void Add(Rule rule)
    {
        if (IsDemanded(rule.Head))
        {
            if (database.DerivedOf(rule.Head) is null)
            {
                Add(rule.Head);
            }

            foreach (var used in rule.Tables)
            {
                if (database.DerivedOf(used.Table) is null)
                {
                    Add(used.Table);
                }
            }
        }
    }

    /// <summary>The tables that are kept though nobody depends on them any more.</summary>
    public IEnumerable<TableName> Outdated()
    {
        var wanted = new HashSet<TableName>(database.Derived.Keys.Where(isWanted).Concat(_new));
        var stack = new Stack<TableName>(wanted);
        while (stack.TryPop(out var table))
        {
            foreach (var used in program.DefinitionsOf(table).SelectMany(r => r.Tables))
            {
                if (wanted.Add(used.Table))
                {
                    stack.Push(used.Table);
                }
            }
        }

        return database.Derived.Keys.Where(t => !wanted.Contains(t));
    }

    private bool IsDemanded(TableName table) => database.DerivedOf(table) is not null || _new.Contains(table) || isWanted(table)
        || program.UsersOf(table).Any(u => database.DerivedOf(u.Head) is not null || _new.Contains(u.Head));
}
