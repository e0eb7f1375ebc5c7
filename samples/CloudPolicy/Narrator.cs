using System.Globalization;

namespace CloudPolicy;

/// <summary>Tells the story: numbered steps, and what happens in each.</summary>
/// <param name="output">Where to.</param>
internal sealed class Narrator(TextWriter output)
{
    private const int Width = 110;

    private int _steps;

    /// <summary>Begins a step.</summary>
    public void Begin(string title)
    {
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{++_steps}. {title}"));
    }

    /// <summary>Tells something that happens.</summary>
    public void Say(string what) => output.WriteLine($"   {what}");

    /// <summary>Lists something.</summary>
    public void List(IEnumerable<string> items)
    {
        foreach (var item in items)
        {
            output.WriteLine($"     {item}");
        }
    }

    /// <summary>Shows a rule: its head, and below that its body, in lines that are not too long.</summary>
    public void Show(string rule)
    {
        var ends = rule.Split(" :- ", 2);
        Say($"{ends[0]} :-");
        var lines = new List<string> { "" };
        foreach (var condition in ends[1].Replace("), ", ")\n", StringComparison.Ordinal).Split('\n'))
        {
            var isFirst = lines[^1].Length == 0;
            if (!isFirst && lines[^1].Length + condition.Length > Width)
            {
                lines[^1] += ",";
                lines.Add(condition);
            }
            else
            {
                lines[^1] += isFirst ? condition : $", {condition}";
            }
        }

        List(lines);
    }
}
