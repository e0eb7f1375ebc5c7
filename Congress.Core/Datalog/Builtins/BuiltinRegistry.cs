using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Congress.Diagnostics;

namespace Congress.Datalog.Builtins;

/// <summary>The builtins that rules can call, by name. It never changes.</summary>
public sealed class BuiltinRegistry
{
    private readonly FrozenDictionary<string, Builtin> _byName;

    private BuiltinRegistry(IEnumerable<Builtin> builtins)
    {
        All = [.. builtins.OrderBy(b => b.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(b => b.Name, StringComparer.Ordinal);
    }

    /// <summary>The builtins of the language.</summary>
    public static BuiltinRegistry Standard { get; } = new(
    [
        .. Comparisons.All(), .. Arithmetic.All(), .. Bits.All(), .. Texts.All(), .. Patterns.All(),
        .. DateTimes.All(), .. Networks.All(), .. Validation.All(),
    ]);

    /// <summary>The builtins, sorted by name.</summary>
    public ImmutableArray<Builtin> All { get; }

    /// <summary>A registry that has more builtins.</summary>
    /// <exception cref="ArgumentException">A name is taken, or is not an identifier.</exception>
    public BuiltinRegistry With(params ReadOnlySpan<Builtin> builtins)
    {
        var names = All.Select(b => b.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var builtin in builtins)
        {
            ArgumentNullException.ThrowIfNull(builtin, nameof(builtins));
            if (!IsIdentifier(builtin.Name))
            {
                throw new ArgumentException(
                    $"The name '{builtin.Name}' of a builtin is not an identifier: a letter or '_', then letters, digits and '_'.",
                    nameof(builtins));
            }

            if (!names.Add(builtin.Name))
            {
                throw new ArgumentException($"There is already a builtin named '{builtin.Name}'.", nameof(builtins));
            }
        }

        return new([.. All, .. builtins]);
    }

    /// <summary>Finds a builtin by its name, without the prefix <c>builtin:</c>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Builtin? builtin) => _byName.TryGetValue(name, out builtin);

    /// <summary>The name that a misspelt one was probably meant to be, or null.</summary>
    public string? Closest(string name) => Spelling.Closest(name, All.Select(b => b.Name));

    private static bool IsIdentifier(string name) =>
        !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
