using System.Globalization;
using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>Makes one rule: first literals of tables, which bind variables, then conditions on them; shuffled in the end.</summary>
internal sealed class RuleGenerator(Random random, HashSet<string> features, RandomTable head)
{
    private readonly List<(string Name, Sort Sort)> _variables = [];
    private readonly List<string> _body = [];

    /// <summary>Makes the rule.</summary>
    /// <param name="usable">The tables that it may use, also under negation.</param>
    /// <param name="recursive">The tables of its own component, of which it uses some.</param>
    public string Make(IReadOnlyList<RandomTable> usable, IReadOnlyList<RandomTable> recursive)
    {
        foreach (var table in recursive)
        {
            _body.Add(Positive(table));
        }

        for (var count = random.Next(recursive.Count > 0 ? 0 : 1, 4 - recursive.Count); count > 0; count--)
        {
            _body.Add(Positive(usable[random.Next(usable.Count)]));
        }

        AddConditions(usable, isRecursive: recursive.Count > 0);
        var terms = head.Columns.Select(Term).ToArray();
        if (recursive.Count == 0 && terms.Length > 0 && Chance(25))
        {
            Aggregate(terms);
        }

        features.Add($"arity {head.Arity}");
        var body = _body.ToArray();
        random.Shuffle(body);
        return $"{Head(terms)} :- {string.Join(", ", body)}";
    }

    private void AddConditions(IReadOnlyList<RandomTable> usable, bool isRecursive)
    {
        foreach (var (chance, condition) in new (int, Func<string>)[]
        {
            (30, () => Negative(usable[random.Next(usable.Count)])), (15, Assignment), (35, () => Call(isRecursive)), (20, Comparison), (7, Truth),
        })
        {
            if (Chance(chance))
            {
                _body.Add(condition());
            }
        }
    }

    private string Head(string[] terms)
    {
        if (!head.IsDeclared || terms.Length == 0 || Chance(50) || terms.Any(t => t.Contains('(', StringComparison.Ordinal)))
        {
            return $"{head.Name.Table}({string.Join(", ", terms)})";
        }

        features.Add("column reference in a head");
        var named = terms.Select((term, i) => $"c{i}={term}").ToArray();
        random.Shuffle(named);
        return $"{head.Name.Table}({string.Join(", ", named)})";
    }

    private string Positive(RandomTable table)
    {
        features.Add(table.Arity == 0 ? "proposition" : "join");
        var before = _variables.ToArray();
        var fresh = new List<(string, Sort)>();
        var open = table.IsDeclared && Chance(20) ? random.Next(table.Arity + 1) : table.Arity;   // from here on all is "_"
        var terms = table.Columns.Select((sort, column) =>
        {
            switch (column >= open ? 20 : random.Next(100))
            {
                case < 12:
                    features.Add("constant");
                    return Domain.Pick(random, sort).ToString();
                case < 22:
                    features.Add("anonymous");
                    return "_";
                case < 70 when Known(before, sort) is { } known:
                    return known;
                case < 76 when Known([.. fresh], sort) is { } repeated:
                    features.Add("repeated variable");
                    return repeated;
                default:
                    fresh.Add(($"v{_variables.Count}", sort));
                    _variables.Add(fresh[^1]);
                    return fresh[^1].Item1;
            }
        }).ToArray();
        return Atom(table, terms, isPositive: true);
    }

    private string Negative(RandomTable table)
    {
        var terms = table.Columns.Select(sort => random.Next(100) switch
        {
            < 25 => "_",
            < 35 => Domain.Pick(random, sort).ToString(),
            _ => Known(_variables, sort) ?? "_",
        }).ToArray();
        features.Add(terms.Length == 0 ? "negated proposition" : terms.Contains("_", StringComparer.Ordinal) ? "existential negation" : "negation");
        return "not " + Atom(table, terms, isPositive: false);
    }

    private string Atom(RandomTable table, string[] terms, bool isPositive)
    {
        if (table.Name.Policy != head.Name.Policy)
        {
            features.Add("another policy");
        }

        var name = table.Name.Policy != head.Name.Policy || Chance(10) ? table.Name.ToString() : table.Name.Table;
        if (!table.IsDeclared || terms.Length == 0 || Chance(40))
        {
            return $"{name}({string.Join(", ", terms)})";
        }

        if (isPositive && terms[^1] == "_")
        {
            features.Add("columns left out");
            return $"{name}({string.Join(", ", terms.Take(Array.FindLastIndex(terms, t => t != "_") + 1))})";
        }

        var positions = random.Next(terms.Length + 1);
        features.Add("column reference");
        var named = Enumerable.Range(positions, terms.Length - positions).Where(i => terms[i] != "_" || Chance(30))
            .Select(i => $"{(Chance(70) ? $"c{i}" : i.ToString(CultureInfo.InvariantCulture))}={terms[i]}").ToArray();
        random.Shuffle(named);
        return $"{name}({string.Join(", ", named.Length == 0 ? terms : terms.Take(positions).Concat(named))})";
    }

    private string Call(bool isRecursive)
    {
        var candidates = CallTemplate.All.Where(c => c.IsBounded || !isRecursive).ToArray();
        var call = candidates[random.Next(candidates.Length)];
        var inputs = call.Inputs.Select(Term).ToArray();
        if (call.Name == "split")
        {
            inputs[1] = "\",\"";
            features.Add("several results");
        }

        var isNegated = Chance(15);
        var outputs = call.Outputs.Select(sort => random.Next(100) switch
        {
            < 15 => "_",
            < 30 => Domain.Pick(random, sort).ToString(),
            < 50 when Known(_variables, sort) is { } known => known,
            _ => isNegated ? "_" : Fresh(sort),
        }).ToArray();
        features.Add(isNegated ? "negated builtin" : call.IsNew ? "new builtin" : "builtin");
        return $"{(isNegated ? "not " : "")}{(Chance(30) ? "builtin:" : "")}{call.Name}({string.Join(", ", inputs.Concat(outputs))})";
    }

    private string Comparison()
    {
        features.Add("comparison");
        var sort = (Sort)random.Next(3);
        string[] operators = ["<", "<=", ">", ">=", "!="];
        return $"{Term(sort)} {operators[random.Next(operators.Length)]} {Term(sort)}";
    }

    private string Assignment()
    {
        features.Add("=");
        var sort = (Sort)random.Next(3);
        var value = Term(sort);
        var (left, right) = Chance(50) ? (Fresh(sort), value) : (Known(_variables, sort) ?? Fresh(sort), value);
        return Chance(50) ? $"{left} = {right}" : $"{right} = {left}";
    }

    private string Truth()
    {
        features.Add("truth");
        return random.Next(4) switch { 0 => "false", 1 => "not false", 2 => "true()", _ => "true" };
    }

    private void Aggregate(string[] terms)
    {
        string[] functions = ["count", "count distinct", "sum", "min", "max", "avg"];
        for (var times = random.Next(1, 3); times > 0 && _variables.Count > 0; times--)
        {
            var function = functions[random.Next(functions.Length)];
            var wanted = function is "sum" or "avg" ? Sort.Number : (Sort)random.Next(4);
            var variable = Known([.. _variables.Where(v => v.Sort == wanted)], wanted) ?? _variables[random.Next(_variables.Count)].Name;
            features.Add(function);
            terms[random.Next(terms.Length)] = function == "count distinct" ? $"count(distinct {variable})" : $"{function}({variable})";
        }
    }

    /// <summary>A variable that is bound, or a value.</summary>
    private string Term(Sort sort) => Chance(88) && Known(_variables, sort) is { } known ? known
        : Chance(40) && _variables.Count > 0 ? _variables[random.Next(_variables.Count)].Name
        : Domain.Pick(random, sort).ToString();

    private string Fresh(Sort sort)
    {
        _variables.Add(($"v{_variables.Count}", sort));
        return _variables[^1].Name;
    }

    private string? Known(IReadOnlyList<(string Name, Sort Sort)> variables, Sort sort)
    {
        var fitting = variables.Where(v => v.Sort == sort || v.Sort == Sort.Mixed).ToArray();
        return fitting.Length == 0 ? null : fitting[random.Next(fitting.Length)].Name;
    }

    private bool Chance(int percent) => random.Next(100) < percent;
}
