using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>Selects the rules that another engine could take over.</summary>
/// <remarks>
/// As OpenStack Congress does (<c>compile.find_subpolicy</c>): of the rules of an output table those go that use a table
/// depending on a prohibited one, then those that use no table depending on a required one; what remains is every rule
/// and fact of a table that an output table still reaches.
/// </remarks>
internal static class SubpolicySearch
{
    public static IEnumerable<Formula> Run(
        IEnumerable<Formula> statements, IEnumerable<string> required, IEnumerable<string> prohibited, IEnumerable<string> outputs)
    {
        var all = statements.ToList();
        var wanted = outputs.ToHashSet(StringComparer.Ordinal);
        var forbidden = Dependents(all, prohibited);
        forbidden.ExceptWith(wanted);
        all.RemoveAll(f => wanted.Contains(HeadOf(f)) && TablesOf(f).Any(forbidden.Contains));
        var needed = Dependents(all, required);
        all.RemoveAll(f => wanted.Contains(HeadOf(f)) && !TablesOf(f).Any(needed.Contains));
        var reached = Reach(wanted, table => all.Where(f => HeadOf(f) == table).SelectMany(TablesOf));
        return all.Where(f => reached.Contains(HeadOf(f)));
    }

    private static HashSet<string> Dependents(List<Formula> rules, IEnumerable<string> tables) =>
        Reach(tables, table => rules.Where(f => TablesOf(f).Contains(table, StringComparer.Ordinal)).Select(HeadOf));

    private static HashSet<string> Reach(IEnumerable<string> from, Func<string, IEnumerable<string>> next)
    {
        var reached = from.ToHashSet(StringComparer.Ordinal);
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var table))
        {
            foreach (var other in next(table).Where(reached.Add))
            {
                queue.Enqueue(other);
            }
        }

        return reached;
    }

    private static string HeadOf(Formula formula) => formula.Head.FullName;

    private static IEnumerable<string> TablesOf(Formula formula) => formula.Body.OfType<AtomLiteral>().Select(l => l.Atom.FullName);
}
