namespace Congress.Datalog.Analysis;

/// <summary>Strongly connected components by Tarjan's algorithm, without recursion so that long chains need no stack.</summary>
/// <remarks>R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Comput. 1 (1972).</remarks>
internal static class StronglyConnected
{
    /// <summary>The components, each after all that it has edges into.</summary>
    public static List<List<int>> Of(List<List<int>> edges)
    {
        var (index, low, componentOf) = (new int[edges.Count], new int[edges.Count], new int[edges.Count]);
        var components = new List<List<int>>();
        var open = new Stack<int>();
        var calls = new Stack<(int Node, int Edge)>();
        var counter = 0;
        Array.Fill(componentOf, -1);
        for (var root = 0; root < edges.Count; root++)
        {
            if (index[root] != 0)
            {
                continue;
            }

            Enter(root);
            while (calls.TryPop(out var call))
            {
                var (node, edge) = call;
                if (edge < edges[node].Count)
                {
                    calls.Push((node, edge + 1));
                    var next = edges[node][edge];
                    if (index[next] == 0)
                    {
                        Enter(next);
                    }
                    else if (componentOf[next] < 0)
                    {
                        low[node] = Math.Min(low[node], index[next]);
                    }

                    continue;
                }

                if (low[node] == index[node])
                {
                    Close(node);
                }

                if (calls.TryPeek(out var caller))
                {
                    low[caller.Node] = Math.Min(low[caller.Node], low[node]);
                }
            }
        }

        return components;

        void Enter(int node)
        {
            index[node] = low[node] = ++counter;
            open.Push(node);
            calls.Push((node, 0));
        }

        void Close(int root)
        {
            var component = new List<int>();
            int node;
            do
            {
                node = open.Pop();
                componentOf[node] = components.Count;
                component.Add(node);
            }
            while (node != root);
            component.Reverse();
            components.Add(component);
        }
    }
}
