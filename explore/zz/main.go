package main
import ("fmt";"context";"math";"github.com/kcheck/kcheck/explore";"github.com/kcheck/kcheck/explore/examples";"github.com/kcheck/kcheck/explore/internal/kafkaspec")
func sizes[S comparable](m explore.Model[S]) (n []float64) {
 prev := uint64(0)
 for d:=1;;d++ { r,_:=explore.Check(context.Background(), m, nil,nil, explore.Options[S]{MaxDepth:d, Workers:1})
  if d==1 {prev=1; n=append(n,1)}
  if r.Stats.Distinct==prev {return}
  n=append(n,float64(r.Stats.Distinct-prev)); prev=r.Stats.Distinct }
}
func est(n []float64, win int) float64 {
 // least squares slope of log ratios over last win ratios
 k:=len(n)
 if k<win+1 {return -1}
 var sx,sy,sxx,sxy float64
 for i:=0;i<win;i++ { x:=float64(i); y:=math.Log(n[k-win+i]/n[k-win+i-1]); sx+=x;sy+=y;sxx+=x*x;sxy+=x*y }
 w:=float64(win)
 slope:=(w*sxy-sx*sy)/(w*sxx-sx*sx); icpt:=(sy-slope*sx)/w
 if slope>=-1e-3 {return -1}
 left:=0.0; cur:=n[k-1]
 for i:=win; cur>=1&&i<10000; i++ { cur*=math.Exp(icpt+slope*float64(i)); left+=cur }
 return left
}
func show(name string, n []float64) {
 tot:=0.0; for _,x:=range n {tot+=x}
 fmt.Println(name, tot)
 done:=0.0
 for i:=range n { done+=n[i]
  fmt.Printf("  d=%2d n=%8.0f found %5.1f%%  actual left %8.0f", i, n[i], 100*done/tot, tot-done)
  for _,w:=range []int{3,4,5} { e:=est(n[:i+1],w); if e<0 {fmt.Printf("   -   ")} else {fmt.Printf("  x%.2f", (e+done)/tot)} }
  fmt.Println()
 }
}
func main(){
 show("replog", sizes(examples.NewReplicatedLog(2,1,3,2)))
 show("2pc", sizes(examples.NewTwoPhase(6)))
 show("kip320", sizes(kafkaspec.New(kafkaspec.Kip320,3,1,1,2)))
 show("async", sizes(kafkaspec.NewAsyncISR(3,3,3,false)))
}
