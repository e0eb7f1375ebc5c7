using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Analysis;

/// <summary>Finds what the atoms of one statement mean: which table or builtin, and which column each argument is.</summary>
/// <param name="policy">The policy that holds the statement.</param>
/// <param name="scope">What it can refer to.</param>
/// <param name="findings">Where errors and warnings go.</param>
internal sealed class NameResolver(string policy, IProgramScope scope, Findings findings)
{
    /// <summary>The numbers of columns that only this statement tells, so that one rule does not give a table two.</summary>
    private Dictionary<TableName, int>? _arities;

    /// <summary>The table that an atom names.</summary>
    /// <remarks>Action tables and changes (<c>p+</c>) belong to the policy that derives them, whatever service they name.</remarks>
    public TableName TableOf(Atom atom) => atom.Modal switch
    {
        Modal.Execute => new(policy, atom.FullName, IsAction: true),
        Modal.Insert => new(policy, atom.FullName + "+"),
        Modal.Delete => new(policy, atom.FullName + "-"),
        _ => atom.IsUpdate ? new(policy, atom.FullName) : new(atom.Policy ?? policy, atom.Table),
    };

    /// <summary>The builtin that an atom calls, or null when it is a table.</summary>
    /// <returns>False when it can be neither; that has been reported.</returns>
    public bool TryBuiltin(Atom atom, out Builtin? builtin)
    {
        builtin = null;
        if (string.Equals(atom.Policy, "builtin", StringComparison.Ordinal))
        {
            if (!scope.Builtins.TryGet(atom.Table, out builtin))
            {
                findings.Error(DiagnosticCode.UnknownBuiltin, atom.Span, $"there is no builtin {atom.Table}",
                    DidYouMean(scope.Builtins.Closest(atom.Table)));
                return false;
            }

            return atom.Arguments.Count == builtin!.Arity || WrongBuiltinArity(atom, builtin);
        }

        if (atom.Policy is null && atom.Modal == Modal.None && scope.Builtins.TryGet(atom.Table, out var candidate)
            && candidate!.Arity == atom.Arguments.Count && atom.Named.Count == 0
            && (candidate.IsReserved || !scope.Defines(new(policy, atom.Table))))
        {
            builtin = candidate;
        }

        return true;
    }

    /// <summary>The arguments of an atom in column order.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="table">Its table.</param>
    /// <param name="operand">What a term stands for.</param>
    /// <param name="open">What stands in a column that the atom leaves out; null when it may leave out none.</param>
    /// <param name="padPositional">Whether an atom without column references may leave out its last columns.</param>
    /// <returns>Null after an error or when the rule must wait; both are in the findings.</returns>
    public Operand[]? Arguments(Atom atom, TableName table, Func<Term, Operand> operand, Func<Operand>? open, bool padPositional)
    {
        var owner = OwnerOf(table);
        if (owner != policy && !KnowsPolicy(atom, owner) && atom.Named.Count > 0)
        {
            findings.WaitFor(owner);
            return null;
        }

        var schema = scope.SchemaOf(table);
        if (table.IsAction && schema is null && scope.ActionsOf(owner) is { Count: > 0 } actions)
        {
            var (message, hint) = ($"{owner} offers no action {atom.Table}", DidYouMean(Spelling.Closest(atom.Table, actions)));
            if (atom.Named.Count > 0)
            {
                findings.Error(DiagnosticCode.UnknownTable, atom.Span, message, hint);
                return null;
            }

            findings.Warning(DiagnosticCode.UnknownTable, atom.Span, message, hint);
        }

        if (schema is null && !table.IsAction && scope.KindOf(table.Policy) == PolicyKind.Datasource && scope.IsComplete(table.Policy))
        {
            findings.Error(DiagnosticCode.UnknownTable, atom.Span, $"{table.Policy} has no table {table.Table}",
                DidYouMean(scope.Nearest(table)));
            return null;
        }

        return atom.Named.Count > 0
            ? NamedArguments(atom, table, schema, operand, open)
            : PositionalArguments(atom, table, operand, padPositional ? open : null);
    }

    private Operand[]? PositionalArguments(Atom atom, TableName table, Func<Term, Operand> operand, Func<Operand>? open)
    {
        var given = atom.Arguments.Count;
        if (scope.ArityOf(table) is not { } arity && !(_arities ??= []).TryGetValue(table, out arity))
        {
            arity = _arities[table] = given;
        }

        if (given > arity || (given < arity && open is null))
        {
            findings.Error(DiagnosticCode.WrongArity, atom.Span,
                $"{atom.FullName} has {Count(arity, "column")}, but {Count(given, "argument")} {(given == 1 ? "is" : "are")} given",
                scope.SchemaOf(table) is { } schema ? $"its columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}"
                    : given < arity ? "write _ for a column that does not matter" : null);
            return null;
        }

        var result = new Operand[arity];
        for (var i = 0; i < arity; i++)
        {
            result[i] = i < given ? operand(atom.Arguments[i]) : open!();
        }

        return result;
    }

    private Operand[]? NamedArguments(Atom atom, TableName table, TableSchema? schema, Func<Term, Operand> operand, Func<Operand>? open)
    {
        if (schema is null)
        {
            var owner = OwnerOf(table);
            if (scope.KindOf(owner) == PolicyKind.Datasource && !scope.IsComplete(owner))
            {
                findings.Warning(DiagnosticCode.NoColumnNames, atom.Span, $"the columns of {atom.FullName} are not known yet",
                    $"the rule waits for the schema of {owner}");
                findings.WaitFor(owner);
                return null;
            }

            findings.Error(DiagnosticCode.NoColumnNames, atom.Span,
                table.IsAction ? $"the arguments of the action {atom.FullName} have no names" : $"the columns of {atom.FullName} have no names",
                table.IsAction ? "give them by position" : $"declare them: declare {atom.FullName}(...)");
            return null;
        }

        var result = new Operand?[schema.Arity];
        if (atom.Arguments.Count > schema.Arity)
        {
            return PositionalArguments(atom, table, operand, open: null);
        }

        for (var i = 0; i < atom.Arguments.Count; i++)
        {
            result[i] = operand(atom.Arguments[i]);
        }

        var isRight = true;
        foreach (var argument in atom.Named)
        {
            var column = argument.Column is null ? argument.Position : schema.IndexOf(argument.Column);
            if (column < 0 || column >= schema.Arity)
            {
                isRight = false;
                findings.Error(DiagnosticCode.UnknownColumn, argument.Span, argument.Column is null
                    ? $"{atom.FullName} has {Count(schema.Arity, "column")}, numbered from 0; there is no column {column}"
                    : $"{atom.FullName} has no column {argument.Column}",
                    DidYouMean(argument.Column is null ? null : Spelling.Closest(argument.Column, schema.Columns.Select(c => c.Name)))
                    ?? $"its columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}");
            }
            else if (result[column] is not null)
            {
                isRight = false;
                findings.Error(DiagnosticCode.BadArguments, argument.Span,
                    $"column {schema.Columns[column].Name} of {atom.FullName} is given already");
            }
            else
            {
                result[column] = operand(argument.Term);
            }
        }

        for (var i = 0; i < result.Length && isRight; i++)
        {
            if (result[i] is null && open is null)
            {
                isRight = false;
                findings.Error(DiagnosticCode.WrongArity, atom.Span, $"column {schema.Columns[i].Name} of {atom.FullName} is missing");
            }

            result[i] ??= open?.Invoke();
        }

        return isRight ? Array.ConvertAll(result, r => r!.Value) : null;
    }

    /// <summary>Warns when nothing defines the table of a body's literal; the literal is then empty.</summary>
    public void WarnIfUndefined(Atom atom, TableName table)
    {
        if (scope.KindOf(table.Policy) is not (null or PolicyKind.Action) && !scope.Defines(table))
        {
            var isBuiltin = atom.Policy is null && scope.Builtins.TryGet(atom.Table, out var builtin)
                ? $"the builtin {atom.Table} takes {Count(builtin!.Arity, "argument")}" : null;
            // The nearest name is looked for at the first use only: ten thousand rules over tables that wait for their
            // rows took two minutes to load when every use looked through all names.
            var nearest = isBuiltin is not null || scope.IsUsed(table) ? null
                : scope.Nearest(table) ?? (atom.Policy is null ? scope.Builtins.Closest(atom.Table) : null);
            findings.Warning(DiagnosticCode.UndefinedTable, atom.Span, $"nothing defines {atom.FullName} yet", isBuiltin ?? DidYouMean(nearest));
        }
    }

    /// <summary>Which inputs a builtin wants, for a hint.</summary>
    public static string InputsOf(Builtin builtin) => builtin.Inputs == 1
        ? $"the first argument of {builtin.Name} is its input" : $"the first {builtin.Inputs} arguments of {builtin.Name} are its inputs";

    /// <summary>The policy or datasource that knows the columns: of an action, the one that carries it out.</summary>
    private static string OwnerOf(TableName table) => table.IsAction ? TableName.Parse(table.Table, table.Policy).Policy : table.Policy;

    private bool KnowsPolicy(Atom atom, string owner)
    {
        if (scope.KindOf(owner) is not null)
        {
            return true;
        }

        findings.Warning(DiagnosticCode.UnknownPolicy, atom.Span, $"there is no policy or datasource {owner} yet",
            DidYouMean(Spelling.Closest(owner, scope.Policies)));
        return false;
    }

    private bool WrongBuiltinArity(Atom atom, Builtin builtin)
    {
        findings.Error(DiagnosticCode.UnknownBuiltin, atom.Span,
            $"the builtin {builtin.Name} takes {Count(builtin.Arity, "argument")}, but {atom.Arguments.Count + atom.Named.Count} are given");
        return false;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string? DidYouMean(string? name) => name is null ? null : $"did you mean {name}?";
}
