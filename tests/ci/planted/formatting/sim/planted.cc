int  Planted( int a ) ;
